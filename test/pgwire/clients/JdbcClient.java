// pgjdbc as its users use it. Argument: port. Run as `java -cp postgresql.jar JdbcClient.java PORT`; any exception is a failed test.
import java.io.*;
import java.math.BigDecimal;
import java.sql.*;
import java.util.*;
import org.postgresql.PGConnection;

public class JdbcClient {
  static void check(boolean holds, Object what) {
    if (!holds) throw new AssertionError(String.valueOf(what));
  }

  static String state(Callable work) {
    try {
      work.run();
    } catch (SQLException e) {
      return e.getSQLState();
    } catch (Exception e) {
      return e.toString();
    }
    return "none";
  }

  interface Callable {
    void run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    for (String mode : new String[] {"extended", "simple", "extendedForPrepared", "extendedCacheEverything"}) {
      String url = "jdbc:postgresql://127.0.0.1:" + args[0] + "/skyhook?user=tester&preferQueryMode=" + mode;
      try (Connection c = DriverManager.getConnection(url)) {
        values(c, mode.equals("simple"));
        statements(c);
        metadata(c);
        if (!mode.equals("simple")) cursors(c);
        copy(c);
        cancel(c);
      }
    }
    System.out.println("ok");
  }

  /** Past the fifth execution the statement is prepared on the server, and values are binary. */
  static void values(Connection c, boolean isSimple) throws Exception {
    String sql = "select ?::int, ?::bigint, ?::float8, ?::float4, ?::text, ?::boolean, ?::numeric, ?::date, ?::timestamp, ?::bytea, ?::int[]";
    try (PreparedStatement s = c.prepareStatement(sql)) {
      for (int i = 0; i < 8; i++) {
        s.setInt(1, i);
        s.setLong(2, 1L << 40);
        s.setDouble(3, 2.5);
        s.setFloat(4, 1.5f);
        s.setString(5, "ä € 😀");
        s.setBoolean(6, i % 2 == 0);
        s.setBigDecimal(7, new BigDecimal("12345.6789"));
        s.setDate(8, java.sql.Date.valueOf("2024-02-29"));
        s.setTimestamp(9, Timestamp.valueOf("2024-02-29 12:30:01.25"));
        // In simple mode older drivers send no bytes.
        if (isSimple) s.setString(10, "\\x00ff");
        else s.setBytes(10, new byte[] {0, -1});
        s.setArray(11, c.createArrayOf("int4", new Integer[] {1, null, 3}));
        try (ResultSet r = s.executeQuery()) {
          check(r.next(), "a row");
          check(r.getInt(1) == i && r.getLong(2) == 1L << 40 && r.getDouble(3) == 2.5 && r.getFloat(4) == 1.5f, "numbers");
          check(r.getString(5).equals("ä € 😀") && r.getBoolean(6) == (i % 2 == 0), r.getString(5));
          check(r.getBigDecimal(7).compareTo(new BigDecimal("12345.6789")) == 0, r.getBigDecimal(7));
          check(r.getDate(8).toString().equals("2024-02-29"), r.getDate(8));
          check(r.getTimestamp(9).equals(Timestamp.valueOf("2024-02-29 12:30:01.25")), r.getTimestamp(9));
          check(Arrays.equals(r.getBytes(10), new byte[] {0, -1}), "bytes");
          check(Arrays.equals((Object[]) r.getArray(11).getArray(), new Integer[] {1, null, 3}), "array");
          check(!r.next(), "one row");
        }
      }
    }
  }

  static void statements(Connection c) throws Exception {
    c.setAutoCommit(false);
    try (Statement s = c.createStatement()) {
      s.execute("create temp table t (a int, b text)");
      try (PreparedStatement p = c.prepareStatement("insert into t values (?, ?)")) {
        for (int i = 0; i < 100; i++) {
          p.setInt(1, i);
          p.setString(2, i % 3 == 0 ? null : "row " + i);
          p.addBatch();
        }
        check(Arrays.stream(p.executeBatch()).sum() == 100, "batch");
      }
      Savepoint before = c.setSavepoint();
      check(state(() -> s.executeQuery("select nope from t")).equals("42703"), "42703");
      check(state(() -> s.executeQuery("select 1")).equals("25P02"), "25P02");
      c.rollback(before);
      check(s.executeUpdate("delete from t where a >= 50") == 50, "delete");
      try (ResultSet r = s.executeQuery("select count(*), count(b) from t")) {
        r.next();
        check(r.getLong(1) == 50 && r.getLong(2) == 33, r.getLong(2));
      }
      check(s.execute("select 1; select 2"), "several");
      check(s.getMoreResults(), "the second");
      try (ResultSet r = s.getResultSet()) {
        r.next();
        check(r.getInt(1) == 2, "2");
      }
    }
    c.commit();
    c.setAutoCommit(true);
  }

  static void metadata(Connection c) throws Exception {
    DatabaseMetaData m = c.getMetaData();
    check(m.getDatabaseProductName().equals("PostgreSQL") && m.getDatabaseMajorVersion() == 15, m.getDatabaseProductVersion());
    Set<String> found = new HashSet<>();
    try (ResultSet r = m.getSchemas()) {
      while (r.next()) found.add(r.getString("TABLE_SCHEM"));
    }
    check(found.contains("aod") && found.contains("pg_catalog"), found);
    found.clear();
    try (ResultSet r = m.getTables(null, "aod", "%", new String[] {"TABLE"})) {
      while (r.next()) found.add(r.getString("TABLE_NAME"));
    }
    check(found.contains("Events"), found);
    Map<String, String> columns = new HashMap<>();
    try (ResultSet r = m.getColumns(null, "aod", "Events", "%")) {
      while (r.next()) columns.put(r.getString("COLUMN_NAME"), r.getString("TYPE_NAME"));
    }
    check("float4".equals(columns.get("MET_pt")) && "_float4".equals(columns.get("Muon_pt")), columns);
    try (ResultSet r = m.getPrimaryKeys(null, "aod", "Events")) {
      check(!r.next(), "no key");
    }
    try (ResultSet r = m.getIndexInfo(null, "aod", "Events", false, false)) {
      check(!r.next(), "no index");
    }
    try (ResultSet r = m.getImportedKeys(null, "aod", "Events")) {
      check(!r.next(), "no foreign key");
    }
    try (ResultSet r = m.getTypeInfo()) {
      check(r.next(), "types");
    }
  }

  static void cursors(Connection c) throws Exception {
    c.setAutoCommit(false);
    try (PreparedStatement s = c.prepareStatement("select event_id, \"MET_pt\" from aod.\"Events\" where event_id >= ? order by 1")) {
      s.setFetchSize(300);
      s.setLong(1, 500);
      long next = 500;
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) check(r.getLong(1) == next++, next);
      }
      check(next == 2000, next);
    }
    c.commit();
    c.setAutoCommit(true);
  }

  static void copy(Connection c) throws Exception {
    var copy = c.unwrap(PGConnection.class).getCopyAPI();
    check(copy.copyIn("copy t from stdin with (format csv)", new StringReader("1000,\"x, y\"\n1001,\n")) == 2, "copy in");
    StringWriter out = new StringWriter();
    copy.copyOut("copy (select * from t where a >= 1000 order by a) to stdout", out);
    check(out.toString().equals("1000\tx, y\n1001\t\\N\n"), out);
    check(state(() -> copy.copyIn("copy t from stdin", new StringReader("x\ty\n"))).equals("22P02"), "22P02");
    try (Statement s = c.createStatement()) {
      s.execute("drop table t");
    }
  }

  static void cancel(Connection c) throws Exception {
    try (Statement s = c.createStatement()) {
      s.setQueryTimeout(1);
      String slow = "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b where a.a * b.b % 7 = 8";
      check(state(() -> s.executeQuery(slow)).equals("57014"), "57014");
      s.setQueryTimeout(0);
      try (ResultSet r = s.executeQuery("select 1")) {
        check(r.next() && r.getInt(1) == 1, "goes on");
      }
    }
  }
}
