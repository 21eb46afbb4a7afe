package retl.api;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code Prefer} header of RFC 7240, of which we know one preference. */
final class Prefer {
  private static final int MAX_WAIT = 20;
  private static final Pattern WAIT =
      Pattern.compile("wait\\s*=\\s*\"?([0-9]{1,9})\"?\\s*(?:;.*)?");

  private Prefer() {}

  /**
   * The seconds of {@code wait}, cut to 20; 0 without one. A preference that is garbled is one that
   * is not there.
   */
  static int waitSeconds(String header) {
    for (String preference : header.split(",", -1)) {
      Matcher wait = WAIT.matcher(preference.strip().toLowerCase(Locale.ROOT));
      if (wait.matches()) {
        return Math.min(MAX_WAIT, Integer.parseInt(wait.group(1)));
      }
    }
    return 0;
  }
}
