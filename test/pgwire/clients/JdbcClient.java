// pgjdbc as its users use it, in each of its query modes. Arguments: the port where all are trusted, the port with TLS and passwords, the
// server's certificate. Run as `java -cp postgresql.jar JdbcClient.java …`; prints what it sees, as the other clients' scripts do.
import java.io.*;
import java.math.BigDecimal;
import java.sql.*;
import java.util.*;
import java.util.stream.*;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

public class JdbcClient {
  static final String[] modes = {"extended", "simple", "extendedForPrepared", "extendedCacheEverything"};
  static final String slow = "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b where a.a::int8 * b.b % 7 = 8";
  static String port, securePort, certificate;

  interface Work {
    void run() throws Exception;
  }

  interface InMode {
    void run(Connection c, String mode) throws Exception;
  }

  static void activity(String name, Work work) {
    System.out.println("== " + name);
    try {
      work.run();
    } catch (Throwable e) {
      System.out.println("FAILED " + e);
      e.printStackTrace();
    }
  }

  static void inModes(String name, InMode work) {
    activity(name, () -> {
      for (String mode : modes)
        try (Connection c = connect("preferQueryMode=" + mode)) {
          System.out.println(mode);
          work.run(c, mode);
        }
    });
  }

  static Connection connect(String... options) throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/skyhook?user=tester&sslmode=disable&" + String.join("&", options));
  }

  static void show(Object... values) {
    System.out.println(Arrays.stream(values).map(JdbcClient::text).collect(Collectors.joining(" | ")));
  }

  static String text(Object value) {
    if (value instanceof byte[]) return Arrays.toString((byte[]) value);
    if (value instanceof Object[]) return Arrays.deepToString((Object[]) value);
    if (value instanceof int[]) return Arrays.toString((int[]) value);
    return String.valueOf(value);
  }

  static void refused(Work work) {
    try {
      work.run();
      System.out.println("FAILED to fail");
    } catch (PSQLException e) {
      var server = e.getServerErrorMessage();
      show("refused", e.getSQLState(), e.getMessage().split("\n")[0].replace(port, "PORT").replace(securePort, "PORT"));
      if (server != null) show(server.getSeverity(), server.getPosition(), server.getTable(), server.getColumn(), server.getConstraint(), server.getDetail());
    } catch (Exception e) {
      show("refused", e.getClass().getSimpleName());
    }
  }

  static void rows(ResultSet r) throws SQLException {
    ResultSetMetaData m = r.getMetaData();
    while (r.next()) {
      List<String> cells = new ArrayList<>();
      for (int i = 1; i <= m.getColumnCount(); i++) {
        Object value = r.getObject(i);
        cells.add(text(value instanceof java.sql.Array ? ((java.sql.Array) value).getArray() : value));
      }
      System.out.println(cells);
    }
    r.close();
  }

  static void columns(ResultSetMetaData m) throws SQLException {
    for (int i = 1; i <= m.getColumnCount(); i++)
      show(m.getColumnLabel(i), m.getColumnTypeName(i), m.getColumnType(i), m.getPrecision(i), m.getScale(i), m.getColumnDisplaySize(i), m.isSigned(i), m.getColumnClassName(i));
  }

  static void query(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement()) {
      rows(s.executeQuery(sql));
    }
  }

  static void execute(Connection c, String... statements) throws SQLException {
    try (Statement s = c.createStatement()) {
      for (String sql : statements) s.execute(sql);
    }
  }

  /** Once the connection of that application runs its statement. */
  static Thread whenRunning(String application, String act) {
    Thread thread = new Thread(() -> {
      try (Connection c = connect()) {
        for (int i = 0; i < 5000; i++) {
          try (PreparedStatement s = c.prepareStatement("select " + act + "(pid) from pg_stat_activity where state = 'active' and application_name = ?")) {
            s.setString(1, application);
            if (s.executeQuery().next()) return;
          }
          Thread.sleep(20);
        }
      } catch (Exception e) {
        System.out.println("FAILED " + e);
      }
    });
    thread.start();
    return thread;
  }

  public static void main(String[] args) throws Exception {
    port = args[0];
    securePort = args[1];
    certificate = args[2];
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    System.out.println("pgjdbc " + org.postgresql.util.DriverInfo.DRIVER_VERSION);

    inModes("parameters", (c, mode) -> {
      String sql = "select ?::int as a, ?::bigint as b, ?::float8 as c, ?::float4 as d, ?::text as e, ?::boolean as f, ?::numeric as g, ?::date as h, ?::timestamp as i, ?::bytea as j, ?::int[] as k, ?::text[] as l, ?::uuid as m, ?::timestamptz as n, ?::numeric(10,2) as o, ?::varchar(5) as p, ?::time as q, ?::smallint as r";
      // Past the fifth execution the statement is prepared on the server, and values are binary.
      try (PreparedStatement s = c.prepareStatement(sql)) {
        for (int i = 0; i < 8; i++) {
          s.setInt(1, i);
          s.setLong(2, Long.MIN_VALUE + i);
          s.setDouble(3, i == 1 ? Double.NaN : 2.5);
          s.setFloat(4, i == 1 ? Float.NEGATIVE_INFINITY : 1.1f);
          s.setString(5, "it's ä € 😀 \\");
          s.setBoolean(6, i % 2 == 0);
          s.setBigDecimal(7, new BigDecimal("12345.6789"));
          s.setDate(8, java.sql.Date.valueOf("2024-02-29"));
          s.setTimestamp(9, Timestamp.valueOf("2024-02-29 12:30:01.25"));
          // In simple mode older drivers send no bytes.
          if (mode.equals("simple")) s.setString(10, "\\x00ff");
          else s.setBytes(10, new byte[] {0, -1});
          s.setArray(11, c.createArrayOf("int4", new Integer[] {1, null, 3}));
          s.setArray(12, c.createArrayOf("text", new String[] {"a", "b \"c\"", null, "{}"}));
          s.setObject(13, UUID.fromString("00000000-0000-0000-0000-000000000005"));
          s.setObject(14, java.time.OffsetDateTime.parse("2024-02-29T12:30:00+02:00"));
          s.setBigDecimal(15, new BigDecimal("1.005"));
          s.setString(16, "abc");
          s.setTime(17, Time.valueOf("01:02:03"));
          s.setShort(18, Short.MIN_VALUE);
          try (ResultSet r = s.executeQuery()) {
            if (i == 0) columns(r.getMetaData());
            rows(r);
          }
        }
        for (int i = 1; i <= 18; i++) s.setNull(i, Types.NULL);
        rows(s.executeQuery());
        ParameterMetaData m = s.getParameterMetaData();
        if (!mode.equals("simple")) for (int i = 1; i <= m.getParameterCount(); i++) show(i, m.getParameterTypeName(i), m.getParameterClassName(i));
      }
      try (PreparedStatement s = c.prepareStatement("select ?::int")) {
        s.setString(1, "x");
        refused(() -> s.executeQuery());
      }
      try (PreparedStatement s = c.prepareStatement("select g from generate_series(1, 9) g where g = any(?) order by 1")) {
        s.setArray(1, c.createArrayOf("int4", new Integer[] {2, 4}));
        rows(s.executeQuery());
      }
    });

    inModes("temporary tables", (c, mode) -> {
      execute(c, "create temp table t (id int generated always as identity primary key, a int, b text default 'x', c numeric(10,2), d date)");
      try (PreparedStatement s = c.prepareStatement("insert into t (a, b, c, d) values (?, ?, ?, ?)", Statement.RETURN_GENERATED_KEYS)) {
        for (int i = 0; i < 3; i++) {
          s.setInt(1, i);
          s.setString(2, i == 1 ? null : "row " + i);
          s.setBigDecimal(3, new BigDecimal("1.005"));
          s.setDate(4, i == 2 ? null : java.sql.Date.valueOf("2024-02-29"));
          show(s.executeUpdate());
          rows(s.getGeneratedKeys());
        }
      }
      try (Statement s = c.createStatement()) {
        show(s.executeUpdate("update t set b = b || '!' where a < 2"), s.executeUpdate("delete from t where a = 2"));
        ResultSet r = s.executeQuery("select * from t order by id");
        columns(r.getMetaData());
        rows(r);
        show(s.executeUpdate("create temp table made as select g from generate_series(1, 3) g"));
      }
      try (Connection other = connect()) {
        refused(() -> query(other, "select * from made"));
      }
    });

    inModes("batches and pipelines", (c, mode) -> {
      execute(c, "create temp table t (a int primary key, b text)");
      try (PreparedStatement p = c.prepareStatement("insert into t values (?, ?)")) {
        for (int i = 0; i < 60; i++) {
          p.setInt(1, i);
          p.setString(2, i % 3 == 0 ? null : "row " + i);
          p.addBatch();
        }
        show(Arrays.stream(p.executeBatch()).sum());
      }
      query(c, "select count(*), count(b), sum(a) from t");
      try (Statement s = c.createStatement()) {
        s.addBatch("insert into t values (1000, 'a')");
        s.addBatch("insert into t values (1, 'again')");
        s.addBatch("insert into t values (1001, 'b')");
        try {
          s.executeBatch();
          System.out.println("FAILED to fail");
        } catch (BatchUpdateException e) {
          show(e.getSQLState(), e.getUpdateCounts());
        }
        query(c, "select a from t where a >= 1000 order by a");
        show(s.execute("select 1 as a; select 2 as b"), s.getMoreResults());
        rows(s.getResultSet());
      }
      try (Connection rewritten = connect("reWriteBatchedInserts=true", "preferQueryMode=" + mode)) {
        execute(rewritten, "create temp table t (a int, b text)");
        try (PreparedStatement p = rewritten.prepareStatement("insert into t values (?, ?)")) {
          for (int i = 0; i < 60; i++) {
            p.setInt(1, i);
            p.setString(2, "x" + i);
            p.addBatch();
          }
          p.executeBatch();
        }
        query(rewritten, "select count(*), min(b), max(b) from t");
      }
    });

    inModes("cursors", (c, mode) -> {
      c.setAutoCommit(false);
      try (PreparedStatement s = c.prepareStatement("select event_id, \"MET_pt\" from aod.\"Events\" where event_id >= ? order by 1")) {
        s.setFetchSize(300);
        s.setLong(1, 500);
        long count = 0, sum = 0;
        try (ResultSet r = s.executeQuery()) {
          while (r.next()) {
            count++;
            sum += r.getLong(1);
          }
        }
        show(count, sum);
        s.setMaxRows(7);
        ResultSet some = s.executeQuery();
        int n = 0;
        while (some.next()) n++;
        show(n);
      }
      try (Statement s = c.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
        ResultSet r = s.executeQuery("select g from generate_series(1, 10) g");
        show(r.last(), r.getRow(), r.absolute(3), r.getInt(1), r.previous(), r.getInt(1), r.relative(5), r.getInt(1));
      }
      execute(c, "declare k scroll cursor with hold for select * from generate_series(1, 5)");
      query(c, "fetch 2 from k");
      query(c, "fetch last from k");
      c.commit();
      query(c, "fetch prior from k");
      c.rollback();
    });

    inModes("COPY", (c, mode) -> {
      execute(c, "create temp table t (a int, b text)");
      var copy = c.unwrap(PGConnection.class).getCopyAPI();
      show(copy.copyIn("copy t from stdin with (format csv)", new StringReader("1000,\"x, y\"\n1001,\n")), copy.copyIn("copy t from stdin", new StringReader("1\t\\N\n2\tä\\tb\n")));
      for (String sql : new String[] {"copy t to stdout", "copy (select * from t order by a desc) to stdout (format csv, header)"}) {
        StringWriter out = new StringWriter();
        show(copy.copyOut(sql, out), out);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      show(copy.copyOut("copy t to stdout (format binary)", bytes), bytes.toByteArray());
      execute(c, "truncate t");
      show(copy.copyIn("copy t from stdin (format binary)", new ByteArrayInputStream(bytes.toByteArray())));
      refused(() -> copy.copyIn("copy t from stdin", new StringReader("x\ty\n")));
      query(c, "select * from t order by a");
    });

    inModes("errors inside transactions", (c, mode) -> {
      execute(c, "create temp table t (a int primary key, b text not null, constraint small check (a < 100))");
      c.setAutoCommit(false);
      execute(c, "insert into t values (1, 'a')");
      for (String bad : new String[] {"insert into t values (1, 'b')", "insert into t values (2, null)", "insert into t values (100, 'x')", "select nope from t", "select 1/0", "select 'x'::int", "select * from nope"}) {
        Savepoint before = c.setSavepoint();
        refused(() -> execute(c, bad));
        refused(() -> query(c, "select 1"));
        c.rollback(before);
      }
      query(c, "select * from t");
      refused(() -> execute(c, "select 1/0"));
      c.rollback();
      query(c, "select * from t");
      c.commit();
      c.setReadOnly(true);
      refused(() -> execute(c, "create schema nowhere"));
      c.rollback();
      c.setReadOnly(false);
      c.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      show(c.getTransactionIsolation());
      c.rollback();
      c.setAutoCommit(true);
      try (Statement s = c.createStatement()) {
        s.execute("drop table if exists nothing");
        show(s.getWarnings().getSQLState(), s.getWarnings().getMessage());
      }
    });

    inModes("cancel and timeouts", (c, mode) -> {
      try (Statement s = c.createStatement()) {
        s.setQueryTimeout(1);
        refused(() -> s.executeQuery(slow));
        s.setQueryTimeout(0);
        rows(s.executeQuery("select 1"));
        c.setClientInfo("ApplicationName", "pgjdbc " + mode);
        Thread canceled = whenRunning("pgjdbc " + mode, "pg_cancel_backend");
        refused(() -> s.executeQuery(slow));
        canceled.join();
        s.execute("set statement_timeout = '100ms'");
        refused(() -> s.execute("select pg_sleep(10)"));
      }
    });

    activity("reconnect", () -> {
      Connection c = connect("ApplicationName=pgjdbc%20end");
      Thread ended = whenRunning("pgjdbc end", "pg_terminate_backend");
      refused(() -> query(c, slow));
      ended.join();
      show(c.isClosed(), c.isValid(5));
      refused(() -> query(c, "select 1"));
      try (Connection again = connect("ApplicationName=again", "currentSchema=aod", "options=-c%20statement_timeout=90000")) {
        show(again.isValid(5), again.getSchema(), again.getCatalog());
        query(again, "show application_name");
        query(again, "show statement_timeout");
        query(again, "select count(*) from \"Events\"");
        again.setSchema("pg_catalog");
        query(again, "show search_path");
      }
    });

    activity("TLS and passwords", () -> {
      String url = "jdbc:postgresql://localhost:" + securePort + "/skyhook?user=alice&password=correct%20horse&";
      for (String more : new String[] {"sslmode=disable", "sslmode=require", "sslmode=verify-full&sslrootcert=" + certificate})
        try (Connection c = DriverManager.getConnection(url + more)) {
          query(c, "select current_user::text");
        }
      refused(() -> DriverManager.getConnection(url.replace("correct", "wrong") + "sslmode=require"));
      refused(() -> DriverManager.getConnection(url.replace("alice", "mallory") + "sslmode=require"));
      refused(() -> DriverManager.getConnection(url + "sslmode=verify-full"));
    });

    activity("the catalogue", () -> {
      try (Connection c = connect()) {
        execute(c, "create schema jdbc", "create table jdbc.parent (id int primary key, name varchar(20) not null unique, price numeric(10,2) default 1.5)", "comment on table jdbc.parent is 'parents'", "create view jdbc.v as select id, name from jdbc.parent");
        DatabaseMetaData m = c.getMetaData();
        show(m.getDatabaseProductName(), m.getDatabaseMajorVersion(), m.getUserName(), m.getIdentifierQuoteString(), m.supportsTransactions(), m.getMaxColumnNameLength());
        try (ResultSet r = m.getSchemas(null, "jdbc%")) {
          rows(r);
        }
        for (String type : new String[] {"TABLE", "VIEW"})
          try (ResultSet r = m.getTables(null, "jdbc", "%", new String[] {type})) {
            rows(r);
          }
        for (ResultSet r : List.of(m.getColumns(null, "jdbc", "%", "%"), m.getPrimaryKeys(null, "jdbc", "parent"), m.getImportedKeys(null, "jdbc", "parent"), m.getExportedKeys(null, "jdbc", "parent"), m.getBestRowIdentifier(null, "jdbc", "parent", DatabaseMetaData.bestRowSession, false))) rows(r);
        try (ResultSet r = m.getIndexInfo(null, "jdbc", "parent", false, false)) {
          while (r.next()) show(r.getString("INDEX_NAME"), r.getBoolean("NON_UNIQUE"), r.getString("COLUMN_NAME"), r.getShort("ORDINAL_POSITION"));
        }
        Map<String, String> found = new TreeMap<>();
        try (ResultSet r = m.getColumns(null, "aod", "Events", "M%")) {
          while (r.next()) if (Set.of("MET_pt", "Muon_pt", "Muon_charge").contains(r.getString("COLUMN_NAME"))) found.put(r.getString("COLUMN_NAME"), r.getString("TYPE_NAME"));
        }
        show(found);
        Set<String> types = new TreeSet<>();
        try (ResultSet r = m.getTypeInfo()) {
          while (r.next()) types.add(r.getString("TYPE_NAME"));
        }
        show(types.containsAll(List.of("int4", "text", "float8", "numeric", "timestamptz", "uuid", "jsonb", "bytea")));
      }
    });
  }
}
