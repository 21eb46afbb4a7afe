-- The sample warehouse: a shop that sells on the web and by subscription. Every value follows from its row's number,
-- so that each start on each machine makes the same rows. All addresses are of example.com.

-- A number from 0 to 1 for a row and a purpose, always the same one.
CREATE FUNCTION pg_temp.dice(row_number bigint, purpose int) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(row_number, purpose) & 9007199254740991) / 9007199254740992.0;

CREATE FUNCTION pg_temp.pick(choices text[], row_number bigint, purpose int) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN choices[1 + (hashint8extended(row_number, purpose) & 9007199254740991) % array_length(choices, 1)];

CREATE SCHEMA shop;
CREATE SCHEMA billing;
CREATE SCHEMA product;
CREATE SCHEMA analytics;
CREATE SCHEMA _rudderstack;
COMMENT ON SCHEMA shop IS 'Customers, products and orders, copied from the web shop every night';
COMMENT ON SCHEMA billing IS 'Subscriptions and their invoices';
COMMENT ON SCHEMA product IS 'What visitors do on the web site and in the app';
COMMENT ON SCHEMA analytics IS 'Views to build models on';
COMMENT ON SCHEMA _rudderstack IS 'State of the syncs; nothing else writes here';

CREATE TABLE shop.customers (
  id bigint PRIMARY KEY,
  public_id uuid NOT NULL UNIQUE,
  email text NOT NULL UNIQUE,
  full_name text NOT NULL,
  country char(2) NOT NULL,
  city text,
  phone text,
  birthday date,
  marketing_consent boolean NOT NULL,
  tags text[] NOT NULL,
  preferences jsonb NOT NULL,
  credit_limit numeric(12,2),
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz
);
COMMENT ON TABLE shop.customers IS 'One row per registered customer';
COMMENT ON COLUMN shop.customers.public_id IS 'The id that other systems know';
COMMENT ON COLUMN shop.customers.tags IS 'Set by hand by the service team; empty for most';

INSERT INTO shop.customers
SELECT
  id,
  md5('customer' || id)::uuid,
  'customer' || id || '@example.com',
  pg_temp.pick('{Zoë,José,Søren,Łucja,Mária,Chloé,Jürgen,Åsa,Anaïs,Ngọc,İpek,Ольга,Ἑλένη,娜,さくら,Ada,Ben,Cleo,Dan,Eve}', id, 1)
    || ' '
    || pg_temp.pick('{Birch,Ahorn,Żuraw,Ørn,Ñandú,Čáp,Πεύκο,柳,Клён,Fjällräv,Oak,Heron,Maple,Wren,Alder}', id, 2),
  pg_temp.pick('{DE,FR,GB,US,PL,ES,SE,JP,BR,VN}', id, 3),
  CASE WHEN pg_temp.dice(id, 4) < 0.93
    THEN pg_temp.pick('{Köln,Lyon,Leeds,Boston,Łódź,Málaga,Malmö,東京,São Paulo,Hà Nội}', id, 3) END,
  CASE WHEN pg_temp.dice(id, 5) < 0.6 THEN '+00 555 ' || lpad(id::text, 7, '0') END,
  CASE WHEN pg_temp.dice(id, 6) < 0.7 THEN date '1950-01-01' + (pg_temp.dice(id, 7) * 20000)::int END,
  pg_temp.dice(id, 8) < 0.55,
  CASE
    WHEN pg_temp.dice(id, 9) < 0.05 THEN '{vip,"early access"}'::text[]
    WHEN pg_temp.dice(id, 9) < 0.15 THEN '{wholesale}'
    ELSE '{}'
  END,
  jsonb_build_object(
    'language', pg_temp.pick('{de,fr,en,pl,es,sv,ja,pt,vi}', id, 10),
    'newsletter', pg_temp.dice(id, 8) < 0.3,
    'theme', CASE WHEN pg_temp.dice(id, 11) < 0.4 THEN 'dark' END),
  CASE WHEN pg_temp.dice(id, 12) < 0.2 THEN round((pg_temp.dice(id, 13) * 9000 + 500)::numeric, 2) END,
  timestamptz '2022-01-01 00:00:00Z' + pg_temp.dice(id, 14) * interval '1600 days',
  CASE WHEN pg_temp.dice(id, 15) < 0.85
    THEN timestamptz '2026-06-30 00:00:00Z' - pg_temp.dice(id, 16) * interval '200 days' END
FROM generate_series(1::bigint, 12000) AS id;

CREATE TABLE shop.products (
  id int PRIMARY KEY,
  sku text NOT NULL UNIQUE,
  name text NOT NULL,
  category text NOT NULL,
  price numeric(12,2) NOT NULL,
  weight_kg real,
  active boolean NOT NULL,
  attributes jsonb NOT NULL,
  thumbnail bytea,
  launched_on date NOT NULL
);
COMMENT ON TABLE shop.products IS 'The catalogue, sold out products too';
COMMENT ON COLUMN shop.products.price IS 'In EUR, without tax';

INSERT INTO shop.products
SELECT
  id,
  'SKU-' || lpad(id::text, 5, '0'),
  pg_temp.pick('{Small,Large,Folding,Heavy,Light,Café,Öko}', id, 21) || ' '
    || pg_temp.pick('{lamp,chair,kettle,bag,bottle,desk,blanket,clock}', id, 22) || ' ' || id,
  pg_temp.pick('{home,office,kitchen,travel}', id, 23),
  round((4.9 + pg_temp.dice(id, 24) * pg_temp.dice(id, 25) * 480)::numeric, 2),
  CASE WHEN pg_temp.dice(id, 26) < 0.9 THEN (0.1 + pg_temp.dice(id, 27) * 12)::real END,
  pg_temp.dice(id, 28) < 0.88,
  jsonb_build_object('colour', pg_temp.pick('{red,grün,bleu,черный}', id, 29),
    'sizes', jsonb_build_array(10 + id % 5, 20 + id % 7)),
  CASE WHEN id % 3 = 0 THEN decode(md5('thumbnail' || id), 'hex') END,
  date '2021-03-01' + (pg_temp.dice(id, 30) * 1800)::int
FROM generate_series(1, 240) AS id;

CREATE TABLE shop.orders (
  id bigint PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES shop.customers,
  status text NOT NULL,
  currency char(3) NOT NULL,
  total numeric(12,2) NOT NULL,
  discount_rate numeric(5,4),
  coupon text,
  shipping_address jsonb NOT NULL,
  ordered_at timestamptz NOT NULL,
  shipped_at timestamptz
);
COMMENT ON TABLE shop.orders IS 'One row per order; the total is the sum of its items less the discount';
COMMENT ON COLUMN shop.orders.status IS 'open, paid, shipped, returned or canceled';

CREATE TABLE shop.order_items (
  order_id bigint NOT NULL,
  line smallint NOT NULL,
  product_id int NOT NULL REFERENCES shop.products,
  quantity int NOT NULL,
  unit_price numeric(12,2) NOT NULL,
  PRIMARY KEY (order_id, line)
);
COMMENT ON TABLE shop.order_items IS 'What was ordered, at the price of that day';

INSERT INTO shop.order_items
SELECT
  ordered.id,
  line,
  product.id,
  1 + (pg_temp.dice(ordered.id * 8 + line, 41) * pg_temp.dice(ordered.id, 42) * 4)::int,
  product.price
FROM generate_series(1::bigint, 40000) AS ordered (id)
CROSS JOIN LATERAL generate_series(1, 1 + (pg_temp.dice(ordered.id, 43) * 3.4)::int) AS line
JOIN shop.products AS product ON product.id = 1 + (pg_temp.dice(ordered.id * 8 + line, 44) * 239)::int;

INSERT INTO shop.orders
SELECT
  ordered.id,
  customer.id,
  CASE
    WHEN pg_temp.dice(ordered.id, 45) < 0.72 THEN 'shipped'
    WHEN pg_temp.dice(ordered.id, 45) < 0.85 THEN 'paid'
    WHEN pg_temp.dice(ordered.id, 45) < 0.92 THEN 'open'
    WHEN pg_temp.dice(ordered.id, 45) < 0.96 THEN 'returned'
    ELSE 'canceled'
  END,
  CASE customer.country WHEN 'US' THEN 'USD' WHEN 'GB' THEN 'GBP' ELSE 'EUR' END,
  round(item.total * (1 - coalesce(reduced.rate, 0)), 2),
  reduced.rate,
  CASE WHEN reduced.rate IS NOT NULL THEN 'WELCOME' || (reduced.rate * 100)::int END,
  jsonb_build_object('city', customer.city, 'country', customer.country, 'zip', lpad((ordered.id % 90000)::text, 5, '0')),
  moment.ordered_at,
  CASE WHEN pg_temp.dice(ordered.id, 45) < 0.72
    THEN moment.ordered_at + pg_temp.dice(ordered.id, 46) * interval '6 days' END
FROM generate_series(1::bigint, 40000) AS ordered (id)
-- The square makes a few customers order often and many once.
JOIN shop.customers AS customer
  ON customer.id = 1 + (pg_temp.dice(ordered.id, 47) * pg_temp.dice(ordered.id, 48) * 11999)::bigint
JOIN (SELECT order_id, sum(quantity * unit_price) AS total FROM shop.order_items GROUP BY order_id) AS item
  ON item.order_id = ordered.id
CROSS JOIN LATERAL (
  SELECT CASE WHEN pg_temp.dice(ordered.id, 49) < 0.18
    THEN pg_temp.pick('{0.0500,0.1000,0.1500}', ordered.id, 50)::numeric(5,4) END AS rate) AS reduced
CROSS JOIN LATERAL (
  SELECT customer.created_at
    + pg_temp.dice(ordered.id, 51) * (timestamptz '2026-06-30 00:00:00Z' - customer.created_at) AS ordered_at) AS moment;

ALTER TABLE shop.order_items ADD FOREIGN KEY (order_id) REFERENCES shop.orders;
CREATE INDEX ON shop.orders (customer_id);
CREATE INDEX ON shop.orders (ordered_at);

CREATE TABLE billing.subscriptions (
  id uuid PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES shop.customers,
  plan text NOT NULL,
  status text NOT NULL,
  seats int NOT NULL,
  monthly_amount numeric(12,2) NOT NULL,
  started_on date NOT NULL,
  canceled_on date,
  renews_at timestamp
);
COMMENT ON TABLE billing.subscriptions IS 'One row per subscription, ended ones too';
COMMENT ON COLUMN billing.subscriptions.renews_at IS 'Berlin time, as billing keeps it; null when ended';

INSERT INTO billing.subscriptions
SELECT
  md5('subscription' || customer.id)::uuid,
  customer.id,
  plan.name,
  CASE
    WHEN pg_temp.dice(customer.id, 62) < 0.25 THEN 'canceled'
    WHEN pg_temp.dice(customer.id, 62) < 0.32 THEN 'past_due'
    ELSE 'active'
  END,
  plan.seats,
  plan.seats * plan.price,
  customer.created_at::date,
  CASE WHEN pg_temp.dice(customer.id, 62) < 0.25 THEN customer.created_at::date + 30 + (customer.id % 90)::int END,
  CASE WHEN pg_temp.dice(customer.id, 62) >= 0.25 THEN timestamp '2026-07-01 03:00:00' + (customer.id % 28) * interval '1 day' END
FROM shop.customers AS customer
CROSS JOIN LATERAL (
  SELECT
    pg_temp.pick('{basic,basic,plus,team}', customer.id, 63) AS name,
    1 + (pg_temp.dice(customer.id, 64) * pg_temp.dice(customer.id, 65) * 20)::int AS seats,
    CASE pg_temp.pick('{basic,basic,plus,team}', customer.id, 63)
      WHEN 'basic' THEN 9.90 WHEN 'plus' THEN 19.90 ELSE 34.50 END AS price) AS plan
WHERE pg_temp.dice(customer.id, 61) < 0.4;

CREATE TABLE billing.invoices (
  id bigint PRIMARY KEY,
  subscription_id uuid NOT NULL REFERENCES billing.subscriptions,
  period_start date NOT NULL,
  period_end date NOT NULL,
  amount numeric(12,2) NOT NULL,
  tax numeric(14,4) NOT NULL,
  document_sha256 bytea NOT NULL,
  paid_at timestamptz
);
COMMENT ON TABLE billing.invoices IS 'The last months of each subscription';

INSERT INTO billing.invoices
SELECT
  row_number() OVER (ORDER BY subscription.started_on, subscription.id, month),
  subscription.id,
  month::date,
  (month + interval '1 month')::date - 1,
  subscription.monthly_amount,
  subscription.monthly_amount * 0.19,
  sha256(convert_to(subscription.id::text || month, 'UTF8')),
  CASE WHEN subscription.status <> 'past_due' OR month < timestamp '2026-05-01' THEN month + interval '5 days' END
FROM billing.subscriptions AS subscription
CROSS JOIN generate_series(timestamp '2026-01-01', timestamp '2026-06-01', interval '1 month') AS month
WHERE month >= subscription.started_on
  AND (subscription.canceled_on IS NULL OR month <= subscription.canceled_on);

CREATE TABLE product.events (
  id bigint PRIMARY KEY,
  name text NOT NULL,
  anonymous_id uuid NOT NULL,
  customer_id bigint,
  properties jsonb NOT NULL,
  duration_ms int,
  occurred_at timestamptz NOT NULL
);
COMMENT ON TABLE product.events IS 'The last 90 days; customer_id is null before a visitor logs in';
COMMENT ON COLUMN product.events.properties IS 'What the web site sends: page, referrer, screen, cart and so on';

INSERT INTO product.events
SELECT
  event.id,
  event.name,
  md5('visitor' || (pg_temp.dice(event.id, 72) * 9000)::int)::uuid,
  CASE WHEN pg_temp.dice(event.id, 73) < 0.65 THEN 1 + (pg_temp.dice(event.id, 74) * 11999)::bigint END,
  jsonb_strip_nulls(jsonb_build_object(
    'page', '/' || pg_temp.pick('{home,products,cart,account,blog/größe,søk}', event.id, 75),
    'referrer', CASE WHEN pg_temp.dice(event.id, 76) < 0.3 THEN 'https://www.example.com/' END,
    'screen', jsonb_build_object('width', 360 + 40 * (event.id % 30), 'height', 640 + 20 * (event.id % 20)),
    'product_id', CASE WHEN event.name IN ('Product Viewed', 'Product Added') THEN 1 + event.id % 240 END,
    'cart_value', CASE WHEN event.name = 'Checkout Started' THEN round((pg_temp.dice(event.id, 77) * 300)::numeric, 2) END)),
  CASE WHEN event.name = 'Page Viewed' THEN (pg_temp.dice(event.id, 78) * 90000)::int END,
  timestamptz '2026-04-01 00:00:00Z' + pg_temp.dice(event.id, 79) * interval '90 days'
FROM (
  SELECT id, pg_temp.pick('{Page Viewed,Page Viewed,Page Viewed,Product Viewed,Product Viewed,Product Added,Checkout Started,Signed In}', id, 71) AS name
  FROM generate_series(1::bigint, 60000) AS id) AS event;
CREATE INDEX ON product.events (customer_id);
CREATE INDEX ON product.events (occurred_at);

CREATE VIEW analytics.customer_ltv AS
SELECT
  customer.id AS customer_id,
  customer.email,
  customer.country,
  count(sale.id) AS orders,
  coalesce(sum(sale.total), 0)::numeric(14,2) AS lifetime_value,
  avg(sale.total)::numeric(12,2) AS average_order,
  min(sale.ordered_at) AS first_order_at,
  max(sale.ordered_at) AS last_order_at
FROM shop.customers AS customer
LEFT JOIN shop.orders AS sale ON sale.customer_id = customer.id AND sale.status IN ('paid', 'shipped')
GROUP BY customer.id;
COMMENT ON VIEW analytics.customer_ltv IS 'What each customer has bought so far; orders that were returned or canceled do not count';

CREATE VIEW analytics.active_subscribers AS
SELECT
  subscription.customer_id,
  customer.public_id,
  customer.email,
  customer.full_name,
  subscription.plan,
  subscription.seats,
  subscription.monthly_amount,
  subscription.started_on,
  subscription.status = 'past_due' AS payment_overdue
FROM billing.subscriptions AS subscription
JOIN shop.customers AS customer ON customer.id = subscription.customer_id
WHERE subscription.status <> 'canceled';
COMMENT ON VIEW analytics.active_subscribers IS 'Who pays every month, and for what';

CREATE VIEW analytics.product_activity AS
SELECT
  customer_id,
  count(*) FILTER (WHERE occurred_at >= timestamptz '2026-06-23 00:00:00Z') AS events_7_days,
  count(*) AS events_90_days,
  count(DISTINCT occurred_at::date) AS active_days,
  max(occurred_at) AS last_event_at,
  jsonb_object_agg(DISTINCT name, true) AS did
FROM product.events
WHERE customer_id IS NOT NULL
GROUP BY customer_id;
COMMENT ON VIEW analytics.product_activity IS 'How much each customer uses the product, up to 30 June 2026';

CREATE VIEW analytics.daily_revenue AS
SELECT (ordered_at AT TIME ZONE 'UTC')::date AS day, currency, count(*) AS orders, sum(total) AS revenue
FROM shop.orders
WHERE status IN ('paid', 'shipped')
GROUP BY 1, 2;
COMMENT ON VIEW analytics.daily_revenue IS 'Paid orders by day and currency';

-- The user to connect with, as RudderStack asks for one: it reads everything and writes in its state schema only. That
-- it cannot write elsewhere is all that holds it back; a query is made read-only by who runs it.
CREATE ROLE reporting LOGIN CONNECTION LIMIT 40;
-- Two more, to see what a failed validation says.
CREATE ROLE reporting_no_state LOGIN CONNECTION LIMIT 40;
CREATE ROLE reporting_no_tables LOGIN CONNECTION LIMIT 40;
ALTER ROLE reporting SET statement_timeout = '10min';
ALTER ROLE reporting_no_state SET statement_timeout = '10min';
ALTER ROLE reporting_no_tables SET statement_timeout = '10min';
ALTER ROLE reporting SET idle_in_transaction_session_timeout = '5min';
ALTER ROLE reporting_no_state SET idle_in_transaction_session_timeout = '5min';
ALTER ROLE reporting_no_tables SET idle_in_transaction_session_timeout = '5min';

REVOKE ALL ON DATABASE shop_dw FROM PUBLIC;
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
GRANT CONNECT ON DATABASE shop_dw TO reporting, reporting_no_state, reporting_no_tables;
GRANT USAGE ON SCHEMA shop, billing, product, analytics TO reporting, reporting_no_state;
GRANT SELECT ON ALL TABLES IN SCHEMA shop, billing, product, analytics TO reporting, reporting_no_state;
GRANT ALL ON SCHEMA _rudderstack TO reporting;

ANALYZE;
