package retl.core.credential;

import java.time.temporal.ChronoUnit;
import java.util.List;
import retl.core.TestClock;
import retl.core.warehouse.Warehouse;

/** Credentials as tests need them. */
public final class Samples {
  /** Settings that are good under every rule. */
  public static final Settings POSTGRES =
      new PostgresSettings("db.example.com", 5432, "shop", "report", "verify-full", "_rudderstack");

  /** Settings of a Redshift cluster with every field. */
  public static final Settings REDSHIFT =
      new RedshiftSettings(
          "c1.example.com",
          5439,
          "shop",
          "report",
          "iam",
          "verify-full",
          "c1",
          null,
          "eu-west-1",
          "arn:aws:iam::123456789012:role/reader",
          "ext-1",
          "_rudderstack");

  /** Settings of a Snowflake account. */
  public static final Settings SNOWFLAKE =
      new SnowflakeSettings(
          "myorg-account1", "report", null, "WH", "SHOP", "PUBLIC", "keyPair", "_RUDDERSTACK");

  private Samples() {}

  /** Credentials that were never validated. */
  public static Credential credential(String id, String name) {
    return credential(id, name, POSTGRES, Credential.Status.UNVALIDATED);
  }

  /** New credentials, made by the test admin. */
  public static Credential credential(
      String id, String name, Settings settings, Credential.Status status) {
    var now = TestClock.START.truncatedTo(ChronoUnit.MILLIS);
    String secret = settings.warehouse() == Warehouse.SNOWFLAKE ? "privateKey" : "password";
    return new Credential(
        id,
        name,
        settings,
        List.of(secret),
        1,
        1,
        status,
        null,
        now,
        "tok_admin",
        now,
        "tok_admin",
        1);
  }

  /** The next version of credentials, which leads elsewhere. */
  public static Credential moved(Credential before) {
    return new Credential(
        before.id(),
        before.name(),
        before.settings(),
        before.secretFields(),
        before.secretVersion(),
        before.targetVersion() + 1,
        before.status(),
        before.lastValidation(),
        before.createdAt(),
        before.createdBy(),
        before.updatedAt(),
        before.updatedBy(),
        before.version() + 1);
  }

  /** That a validation of {@link #POSTGRES} ended, and what the status is from then on. */
  public static CredentialStore.Result result(
      String id, int secretVersion, Credential.Status status, Credential.LastValidation last) {
    return new CredentialStore.Result(
        id, POSTGRES, secretVersion, last, new Watch.Next(Watch.NEW, status, null));
  }
}
