"""What the scripts of Python's clients print: a heading for each activity, a line for each answer. PostgreSQL and Skyhook must make them print the same.
Arguments of a script: the port where all are trusted, the port with TLS and passwords, the server's certificate."""
import asyncio, inspect, sys, threading, time, traceback
import psycopg2

port, secure_port, cert = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
trusted = dict(host='127.0.0.1', port=port, user='tester', dbname='skyhook', sslmode='disable')
secure = dict(host='127.0.0.1', port=secure_port, user='alice', password='correct horse', dbname='skyhook')
slow = 'select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b where a.a::int8 * b.b % 7 = 8'


def activity(name):
    """Runs the function at once; what it does not expect is printed too."""
    def run(work):
        print(f'== {name}', flush=True)
        try:
            result = work()
            if inspect.isawaitable(result):
                asyncio.run(result)
        except Exception as e:
            print('FAILED', type(e).__name__, str(e).strip())
            traceback.print_exc()
        return work
    return run


def shown(v):
    if isinstance(v, (list, tuple)) and type(v) in (list, tuple):
        inner = ', '.join(map(shown, v))
        return f'[{inner}]' if isinstance(v, list) else f'({inner})'
    return repr(bytes(v)) if isinstance(v, memoryview) else repr(v)


def show(*values):
    print(*(shown(v) for v in values), sep=' | ')


def state_of(e):
    e = getattr(e, 'orig', None) or e
    return getattr(e, 'sqlstate', None) or getattr(e, 'pgcode', None)


def refused(work):
    try:
        work()
    except Exception as e:
        show_error(e)
    else:
        print('FAILED to fail')


def show_error(e):
    print('refused', type(e).__name__, state_of(e), str(e).strip().split('\n')[0].replace(str(port), 'PORT').replace(str(secure_port), 'PORT'))


def when_running(work, application):
    """Calls `work` in a thread once the connection of that application name runs its statement."""
    thread = threading.Thread(target=lambda: (wait_for_running(application), work()), daemon=True)
    thread.start()
    return thread


def wait_for_running(application):
    with psycopg2.connect(**trusted) as c, c.cursor() as cur:
        for _ in range(5000):
            cur.execute("select count(*) from pg_stat_activity where state = 'active' and application_name = %s", (application,))
            c.rollback()
            if cur.fetchone() == (1,):
                return time.sleep(0.05)
            time.sleep(0.02)


def terminate(pid):
    with psycopg2.connect(**trusted) as c, c.cursor() as cur:
        cur.execute('select pg_terminate_backend(%s)', (pid,))
        if cur.fetchone() != (True,):
            print('FAILED to terminate', pid)
