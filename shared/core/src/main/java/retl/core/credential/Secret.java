package retl.core.credential;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import retl.core.FieldError.Code;
import retl.core.Fields;

/** The secret half of credentials. Its text form names the fields and never shows a value. */
public record Secret(Map<String, String> values) {
  private static final Pattern MASK = Pattern.compile("[*•]{3,}");
  private static final int MAX_OTHER = 4096;

  public Secret {
    values = Map.copyOf(values);
  }

  /** The value of a field that settings of this kind need. */
  public String required(String field) {
    String value = values.get(field);
    if (value == null) {
      throw new IllegalStateException("The secret has no " + field + ".");
    }
    return value;
  }

  /** The names of its fields, in alphabetical order. */
  public List<String> fields() {
    return List.copyOf(new TreeSet<>(values.keySet()));
  }

  /**
   * Reads the secret that settings of this kind need. Values are opaque: they are neither trimmed
   * nor normalised, only masks and NUL, which no warehouse takes, are bad.
   */
  public static Secret read(Settings.SecretShape shape, Fields fields) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String field : shape.required()) {
      values.put(field, fields.text(field, maxLength(field)));
    }
    for (String field : shape.optional()) {
      String value = fields.optionalText(field, maxLength(field));
      if (value != null) {
        values.put(field, value);
      }
    }
    values.forEach((field, value) -> check(fields, field, value));
    if (values.containsKey("privateKey") && values.keySet().stream().noneMatch(fields::isBad)) {
      checkOpens(fields, values.get("privateKey"), values.get("privateKeyPassphrase"));
    }
    fields.close();
    return new Secret(values);
  }

  private static void checkOpens(Fields fields, String key, @Nullable String passphrase) {
    try {
      PrivateKeyPem.read(key, passphrase);
    } catch (PrivateKeyPem.Unusable e) {
      fields.bad(
          e.isAboutPassphrase() ? "privateKeyPassphrase" : "privateKey",
          passphrase == null && e.isAboutPassphrase() ? Code.MISSING : Code.INVALID,
          e.reason());
    }
  }

  private static int maxLength(String field) {
    return field.equals("privateKey") ? PrivateKeyPem.MAX_LENGTH : MAX_OTHER;
  }

  private static void check(Fields fields, String field, String value) {
    if (fields.isBad(field)) {
      return;
    }
    if (value.isEmpty()) {
      fields.bad(field, Code.INVALID, "It is empty.");
    } else if (MASK.matcher(value).matches()) {
      fields.bad(
          field,
          Code.INVALID,
          "This is a mask, not the secret: leave it out or give the real one.");
    } else if (value.indexOf('\0') >= 0) {
      fields.bad(
          field, Code.INVALID, "It has a NUL character, which ends the text for the warehouse.");
    }
  }

  @Override
  public String toString() {
    return "Secret" + fields();
  }
}
