package retl.local;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often saved credentials are validated again.
 *
 * @param minutes a divisor of the minutes of a day, so that each has a minute of its own
 */
public record ValidateEvery(int minutes) {
  /** The variable that tells the function which looks for what is due. */
  static final String VARIABLE = "VALIDATE_EVERY_MINUTES";

  /** As the deployment does unless told otherwise. */
  static final ValidateEvery DAY = new ValidateEvery((int) Duration.ofDays(1).toMinutes());

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,4})([hm])");

  /**
   * The time that an option names.
   *
   * @return empty for {@code 0} and {@code off}
   * @throws IOException if it is neither; the message says what can be
   */
  static Optional<ValidateEvery> read(String text) throws IOException {
    if (text.equals("0") || text.equals("off")) {
      return Optional.empty();
    }
    Matcher matcher = TEXT.matcher(text);
    int minutes =
        matcher.matches()
            ? Integer.parseInt(matcher.group(1)) * (matcher.group(2).equals("h") ? 60 : 1)
            : 0;
    if (minutes == 0 || DAY.minutes % minutes != 0) {
      throw new IOException(
          "--validate-every takes what a day is a multiple of, such as 24h, 6h or 30m, or off; not "
              + text);
    }
    return Optional.of(new ValidateEvery(minutes));
  }
}
