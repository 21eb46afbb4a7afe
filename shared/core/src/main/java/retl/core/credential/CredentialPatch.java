package retl.core.credential;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import retl.core.FieldError.Code;
import retl.core.Fields;
import retl.core.Name;

/**
 * What {@code PATCH /credentials/{id}} makes of credentials.
 *
 * @param secret the new secret; null when the stored one stays
 */
public record CredentialPatch(String name, Settings settings, @Nullable Secret secret) {
  /**
   * Whoever may change one of these decides who gets to see the secret, so they change only
   * together with it.
   */
  private static final List<String> REACH =
      List.of(
          "host",
          "port",
          "account",
          "user",
          "authentication",
          "sslMode",
          "clusterIdentifier",
          "workgroup",
          "roleArn");

  /** What these decide has no bearing on what a query finds. */
  private static final List<String> BESIDE_QUERIES = List.of("sslMode", "stateSchema");

  /** Reads the body over the credentials as they stand, or refuses it with every bad field. */
  public static CredentialPatch read(Fields fields, Credential before, NetworkRules rules) {
    String name = fields.isGiven("name") ? Name.read(fields, "name").text() : before.name();
    Settings settings = settings(fields, before.settings(), rules);
    Secret secret = secret(fields, before, settings);
    fields.end();
    return new CredentialPatch(name, settings, secret);
  }

  // Settings that nobody touches are not judged again: what the operator has closed since fails on
  // connecting.
  private static Settings settings(Fields fields, Settings before, NetworkRules rules) {
    return fields.isGiven("settings")
        ? Settings.read(before.warehouse(), fields.objectOver("settings", plain(before)), rules)
        : before;
  }

  private static Map<String, Object> plain(Settings settings) {
    Map<String, Object> values = new LinkedHashMap<>();
    settings
        .values()
        .forEach(
            (field, value) ->
                values.put(
                    field, value instanceof Integer number ? (Object) number.longValue() : value));
    return values;
  }

  private static @Nullable Secret secret(Fields fields, Credential before, Settings settings) {
    Settings.SecretShape shape = settings.secretShape();
    if (fields.isGiven("secret")) {
      return Secret.read(shape, fields.object("secret"));
    }
    if (shape.required().isEmpty()) {
      return before.secretFields().isEmpty() ? null : new Secret(Map.of());
    }
    List<String> changed = changed(before.settings(), settings);
    changed.retainAll(REACH);
    if (!changed.isEmpty()) {
      fields.bad(
          "secret",
          Code.SECRET_REQUIRED,
          "Give the secret again: the stored one is not sent to another "
              + String.join(", ", changed)
              + ".");
    }
    return null;
  }

  /** The names of the fields that it changes, for the audit; none when it changes nothing. */
  List<String> changes(Credential before) {
    List<String> fields = new ArrayList<>();
    if (!name.equals(before.name())) {
      fields.add("name");
    }
    changed(before.settings(), settings).forEach(field -> fields.add("settings." + field));
    if (secret != null) {
      fields.add("secret");
    }
    return fields;
  }

  /** True when queries may find something else with these settings than before. */
  boolean movesQueries(Credential before) {
    List<String> fields = changed(before.settings(), settings);
    fields.removeAll(BESIDE_QUERIES);
    return !fields.isEmpty();
  }

  private static List<String> changed(Settings before, Settings after) {
    Map<String, Object> old = before.values();
    Map<String, Object> now = after.values();
    TreeSet<String> fields = new TreeSet<>(old.keySet());
    fields.addAll(now.keySet());
    fields.removeIf(field -> Objects.equals(old.get(field), now.get(field)));
    return new ArrayList<>(fields);
  }
}
