package retl.core.credential;

import java.util.Map;
import retl.core.FieldError.Code;
import retl.core.Fields;
import retl.core.Name;
import retl.core.warehouse.Warehouse;

/** What {@code POST /credentials} asks for. */
public record NewCredential(Name name, Settings settings, Secret secret, boolean skipValidation) {

  /** Reads the body, or refuses it with every bad field. */
  public static NewCredential read(Fields fields, NetworkRules rules) {
    Name name = Name.read(fields, "name");
    boolean skip = fields.flag("skipValidation", false);
    Access access = Access.read(fields, rules);
    fields.end();
    return new NewCredential(name, access.settings(), access.secret(), skip);
  }

  /**
   * Settings and their secret, as they stand in the bodies of credentials and of unsaved
   * validations.
   */
  public record Access(Settings settings, Secret secret) {

    /** Reads {@code warehouse}, {@code settings} and {@code secret}, noting each bad field. */
    public static Access read(Fields fields, NetworkRules rules) {
      Warehouse warehouse = warehouse(fields);
      Fields settingsFields = fields.object("settings");
      Settings settings = Settings.read(warehouse, settingsFields, rules);
      boolean isShapeKnown = !fields.isBad("settings") && !settingsFields.isBad("authentication");
      return new Access(settings, secret(settings.secretShape(), isShapeKnown, fields));
    }

    private static Secret secret(Settings.SecretShape shape, boolean isShapeKnown, Fields fields) {
      boolean isGiven = fields.has("secret");
      boolean isNeeded = !shape.required().isEmpty() || isGiven;
      return isNeeded && isShapeKnown
          ? Secret.read(shape, fields.object("secret"))
          : new Secret(Map.of());
    }

    // Without a known warehouse settings and secret have no grammar: nothing is said of them.
    private static Warehouse warehouse(Fields fields) {
      String word = fields.text("warehouse", 64);
      return Warehouse.of(word)
          .orElseGet(
              () -> {
                if (!fields.isBad("warehouse")) {
                  fields.bad("warehouse", Code.INVALID, "One of snowflake, redshift, postgres.");
                }
                fields.has("settings");
                fields.has("secret");
                fields.end();
                throw new IllegalStateException("unreachable: the field is bad");
              });
    }
  }
}
