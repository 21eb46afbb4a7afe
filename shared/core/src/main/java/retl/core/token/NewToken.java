package retl.core.token;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import retl.core.FieldError;
import retl.core.Fields;
import retl.core.Name;
import retl.core.Role;

/**
 * What {@code POST /tokens} asks for.
 *
 * @param name for people; several tokens may have the same
 * @param expiresAt null when it is not to expire
 */
public record NewToken(Name name, Role role, @Nullable Instant expiresAt) {
  private static final int MAX_TIME_LENGTH = 40;

  /** Reads the body, or refuses it with every bad field. */
  public static NewToken read(Fields fields, Instant now) {
    Name name = Name.read(fields, "name");
    Role role = role(fields);
    Instant expiresAt = expiresAt(fields, now);
    fields.end();
    return new NewToken(name, role, expiresAt);
  }

  private static Role role(Fields fields) {
    String word = fields.text("role", 20);
    Role role = Role.of(word).orElse(null);
    if (role == null && !fields.isBad("role")) {
      fields.bad("role", FieldError.Code.INVALID, "It must be viewer, editor or admin.");
    }
    return role == null ? Role.VIEWER : role;
  }

  private static @Nullable Instant expiresAt(Fields fields, Instant now) {
    String text = fields.optionalText("expiresAt", MAX_TIME_LENGTH);
    if (text == null) {
      return null;
    }
    Instant time = time(text);
    if (time == null) {
      fields.bad(
          "expiresAt", FieldError.Code.INVALID, "A time of RFC 3339, as 2030-01-31T12:00:00Z.");
    } else if (!time.isAfter(now)) {
      fields.bad("expiresAt", FieldError.Code.INVALID, "A time to come: this one is past.");
    }
    return time;
  }

  // RFC 3339 has years of four digits; what else OffsetDateTime reads begins with a sign.
  private static @Nullable Instant time(String text) {
    try {
      return Character.isDigit(text.isEmpty() ? ' ' : text.charAt(0))
          ? OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS)
          : null;
    } catch (DateTimeException e) {
      return null; // It is told as a bad field.
    }
  }
}
