package retl.warehouse.snowflake;

import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import retl.core.credential.SnowflakeSettings;
import retl.core.validation.Check.Remedy;
import retl.core.warehouse.Warehouse;
import retl.warehouse.Fault;

/**
 * Why a login failed. What driver and server said is only looked at, to tell one cause from
 * another, and never passed on.
 */
final class LoginFaults {
  /** The server's numbers of what can go wrong with a login. */
  private static final int FIRST_OF_LOGIN = 390_000;

  private static final int LAST_OF_LOGIN = 399_999;

  private static final Fault UNREACHABLE = Fault.unreachable(Warehouse.SNOWFLAKE);

  private LoginFaults() {}

  /**
   * The fault of a login.
   *
   * @param obstacle what kept the driver from connecting, if anything
   */
  static Fault of(
      SnowflakeSettings settings, SQLException error, DriverProxy.@Nullable Obstacle obstacle) {
    if (obstacle == DriverProxy.Obstacle.UNKNOWN_HOST) {
      return SnowflakeRemedies.unknownAccount();
    }
    if (obstacle != null) {
      return UNREACHABLE;
    }
    if (isTls(error)) {
      return new Fault(
          "tls_failed",
          "What answered has no certificate for this account's host that this service trusts.",
          new Remedy(
              "Check the account identifier, and whether something on the way intercepts TLS.",
              List.of()));
    }
    return ofServer(settings, error);
  }

  // Numbers as Snowflake's drivers know them. Several causes share some, and some came later: the
  // text tells them apart, but only where the number says that the text is the server's.
  private static Fault ofServer(SnowflakeSettings settings, SQLException error) {
    int number = error.getErrorCode();
    return switch (number) {
      case 390100 -> SnowflakeRemedies.wrongLogin(settings);
      case 390101, 390102, 390103 -> SnowflakeRemedies.lockedUser(settings);
      case 390144 -> SnowflakeRemedies.wrongKey(settings);
      case 390186, 390189 -> SnowflakeRemedies.unknownRole(settings);
      case 390420, 390422 -> SnowflakeRemedies.networkPolicy(settings);
      case 390432 -> SnowflakeRemedies.networkPolicyNeeded(settings);
      default -> {
        String text = Objects.requireNonNullElse(error.getMessage(), "").toLowerCase(Locale.ROOT);
        yield FIRST_OF_LOGIN <= number && number <= LAST_OF_LOGIN
            ? ofText(settings, text)
            : ofStatus(text);
      }
    };
  }

  // Of a name that is no account's, another server of Snowflake's answers, and knows nothing.
  private static Fault ofStatus(String text) {
    boolean isNoAccount = text.contains("http status=403") || text.contains("http status=404");
    return isNoAccount ? SnowflakeRemedies.unknownAccount() : UNREACHABLE;
  }

  private static Fault ofText(SnowflakeSettings settings, String text) {
    if (text.contains("is not allowed to access snowflake")) {
      return SnowflakeRemedies.networkPolicy(settings);
    }
    if (text.contains("network policy is required")) {
      return SnowflakeRemedies.networkPolicyNeeded(settings);
    }
    if (text.contains("jwt token is invalid")) {
      return SnowflakeRemedies.wrongKey(settings);
    }
    if (text.contains("mfa ") || text.contains("multi-factor")) {
      return SnowflakeRemedies.secondFactor(settings);
    }
    if (text.contains("locked") || text.contains("disabled")) {
      return SnowflakeRemedies.lockedUser(settings);
    }
    if (text.contains("access token") || text.contains("password")) {
      return SnowflakeRemedies.wrongLogin(settings);
    }
    return UNREACHABLE;
  }

  private static boolean isTls(Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (each instanceof SSLPeerUnverifiedException || each instanceof GeneralSecurityException) {
        return true;
      }
    }
    return false;
  }
}
