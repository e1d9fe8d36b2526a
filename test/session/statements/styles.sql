SET DateStyle = 'Postgres, MDY'
SELECT to_json(date '2014-05-28'), to_jsonb(timestamp '2014-05-28 12:22:35.614298'), row_to_json(row(date '2014-05-28', interval '1 day'))
SELECT json_build_object(date '2014-05-28', timestamptz '2014-05-28 12:22:35+02')
SELECT jsonb_path_query('"2017-03-10"', '$.datetime()'), jsonb_path_query_tz('"2017-03-10 01:02:03+04"', '$.datetime()')
SELECT d::text, to_json(d), jsonb_agg(d) OVER () FROM (VALUES (date '2020-01-02')) v(d)
SET DateStyle = 'German'
SELECT to_json(timestamp '2014-05-28 12:22:35'), timestamp '2014-05-28 12:22:35'::text, json_object_agg(date '2020-01-02', 1)
RESET DateStyle
SET TimeZone = '+02:00'
SELECT to_char(timestamptz '2020-01-01 00:00:00+00', 'TZ|OF|TZH:TZM')
SET TimeZone = '02:30'
SELECT to_char(timestamptz '2020-01-01 00:00:00+00', 'TZ|OF|TZH:TZM')
SET TimeZone = 'PST8PDT'
SELECT to_char(timestamptz '2011-07-18 00:00:00+00', 'TZ|tz|OF'), to_char(timestamptz '2011-01-18 00:00:00+00', 'TZ')
SET TimeZone = 'EST5EDT'
SELECT to_char(timestamptz '2011-07-18 00:00:00+00', 'TZ'), to_char(timestamptz '2011-01-18 00:00:00+00', 'TZ')
SET TimeZone = '<+03>-3'
SELECT to_char(timestamptz '2011-07-18 00:00:00+00', 'TZ|OF')
RESET TimeZone
SELECT '{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}'::uuid, 'A0EEBC999C0B4EF8BB6D6BB9BD380A11'::uuid
SELECT '{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11'::uuid
SELECT 'a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}'::uuid
SELECT ' a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11'::uuid
SELECT jsonb_object('{{{a,b},{c,d}},{{b,c},{d,e}}}')
SELECT json_object('{{{a,b},{c,d}},{{b,c},{d,e}}}')
SELECT jsonb_object('{{a,1},{b,2}}', '{{a,1},{b,2}}')
SELECT json_object('{a,b}', '{{a,1},{b,2}}')
SELECT json_populate_recordset(null::record, '[{"x": 0, "y": 1}]')
SELECT json_populate_record(null::record, '{"x": 0, "y": 1}')
SELECT json_populate_recordset(null::record, '[]')
SELECT * FROM json_populate_recordset(null::record, '[{"a": 1, "b": 2}]') q(a text, b int)
SELECT make_date(year => 2020, month => 2, day => 29), make_time(sec => 1.5, min => 2, hour => 3), make_timestamp(2020, 2, mday => 29, hour => 1, min => 2, sec => 3)
SELECT make_timestamptz(2020, 2, mday => 29, hour => 1, min => 2, sec => 3), make_timestamptz(2020, 2, 29, 1, 2, sec => 3, timezone => 'Europe/Paris'), make_timestamptz(2020, 2, 29, 1, 2, 3, 'UTC')
SELECT parse_ident('foo.boo[]', strict => false), parse_ident('a."B c"'), parse_ident(str => 'x.y')
SELECT parse_ident('foo.boo[]')
SELECT make_date(year => 2020, month => 2)
SELECT make_date(2020, 2, 29, year => 1)
SELECT make_date(nosuch => 2020, month => 2, day => 1)
SELECT * FROM json_each(from_json => '{"a": 1}'), jsonb_array_elements(from_json => '[2, 3]')
