package retl.warehouse;

import org.jspecify.annotations.Nullable;
import retl.core.validation.Check.Remedy;
import retl.core.warehouse.Warehouse;

/**
 * Why a check, or a connection, failed.
 *
 * @param code a stable snake_case word
 * @param message for a person; in our words
 */
public record Fault(String code, String message, @Nullable Remedy remedy) {

  /** The host name is not known to anybody. */
  public static Fault unknownHost() {
    return new Fault(
        "unknown_host", "The host name does not exist. Check how it is written.", null);
  }

  /**
   * Refused, filtered, closed by the operator, another protocol: not told apart, because a check of
   * credentials must not become a scanner of networks.
   */
  public static Fault unreachable(Warehouse warehouse) {
    String message =
        switch (warehouse) {
          case SNOWFLAKE ->
              "No Snowflake answered for this account. Check the account identifier, and that the"
                  + " network lets this service out.";
          case POSTGRES -> noneAnswered(warehouse);
          case REDSHIFT ->
              noneAnswered(warehouse) + " A paused cluster does not answer either: resume it.";
        };
    return new Fault("connection_failed", message, null);
  }

  private static String noneAnswered(Warehouse warehouse) {
    return "No "
        + warehouse.title()
        + " answered at this host and port. Check both, and that the network lets this"
        + " service in.";
  }

  /** The connection was open, and ended while a check ran. */
  static Fault connectionLost() {
    return new Fault(
        "connection_lost",
        "The connection to the warehouse broke during this check. Validate again.",
        null);
  }
}
