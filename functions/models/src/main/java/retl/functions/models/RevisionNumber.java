package retl.functions.models;

import java.util.regex.Pattern;
import retl.api.Request;
import retl.core.Problem;
import retl.core.Refused;

/** Which revision a path names. */
final class RevisionNumber {
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,7}");

  private RevisionNumber() {}

  /** The {@code {n}} of the path; what is no number names no revision. */
  static int of(Request request) {
    String text = request.inPath("n");
    if (!NUMBER.matcher(text).matches()) {
      throw new Refused(new Problem.NotFound("revision"));
    }
    return Integer.parseInt(text);
  }
}
