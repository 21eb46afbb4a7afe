package retl.core.credential;

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
      Settings settings = Settings.read(warehouse, fields.object("settings"), rules);
      Settings.SecretShape shape = settings.secretShape();
      boolean isNeeded = !shape.required().isEmpty() || fields.has("secret");
      Secret secret =
          isNeeded ? Secret.read(shape, fields.object("secret")) : new Secret(java.util.Map.of());
      return new Access(settings, secret);
    }

    // Without a known warehouse the other fields have no grammar, so this error stands alone.
    private static Warehouse warehouse(Fields fields) {
      String word = fields.text("warehouse", 64);
      return Warehouse.of(word)
          .orElseGet(
              () -> {
                if (!fields.isBad("warehouse")) {
                  fields.bad("warehouse", Code.INVALID, "One of snowflake, redshift, postgres.");
                }
                fields.end();
                throw new IllegalStateException("unreachable: the field is bad");
              });
    }
  }
}
