package retl.aws;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.Fields;
import retl.core.Name;
import retl.core.credential.Credential;
import retl.core.credential.NetworkRules;
import retl.core.credential.Settings;
import retl.core.warehouse.Warehouse;

/** Credentials as they stand in items. */
final class CredentialItems {
  static final String NAME_KIND = "CREDENTIAL";
  static final String MODEL_COUNT = "modelCount";
  static final String STATUS = "status";
  static final String TARGET_VERSION = "targetVersion";

  /**
   * The highest number that a secret of the credentials was given, whether it came to be used or
   * not.
   */
  static final String LAST_SECRET = "lastSecret";

  // Rows were checked when they were written; what an operator has closed since then fails on
  // connecting.
  private static final NetworkRules STORED =
      new NetworkRules(
          true, true, Set.of(".localhost", ".localdomain", ".internal", ".local"), List.of());

  private CredentialItems() {}

  static String nameKey(Credential credential) {
    return Table.nameKey(NAME_KIND, Name.fold(credential.name()));
  }

  static Item directoryEntry(Credential credential) {
    return Item.empty()
        .text("id", credential.id())
        .text("warehouse", credential.warehouse().wireName())
        .text(STATUS, credential.status().wireName());
  }

  static Item row(Credential credential) {
    Credential.LastValidation last = credential.lastValidation();
    return Item.empty()
        .text("id", credential.id())
        .text("name", credential.name())
        .text("warehouse", credential.warehouse().wireName())
        .map("settings", settingsItem(credential.settings()))
        .texts("secretFields", credential.secretFields())
        .number("secretVersion", credential.secretVersion())
        .number(TARGET_VERSION, credential.targetVersion())
        .text(STATUS, credential.status().wireName())
        .map("lastValidation", last == null ? null : lastValidation(last))
        .number(MODEL_COUNT, 0)
        .number(LAST_SECRET, credential.secretVersion())
        .time("createdAt", credential.createdAt())
        .text("createdBy", credential.createdBy())
        .time("updatedAt", credential.updatedAt())
        .text("updatedBy", credential.updatedBy())
        .number("version", credential.version());
  }

  static Item lastValidation(Credential.LastValidation last) {
    return Item.empty()
        .text("id", last.id())
        .text("status", last.status())
        .text("code", last.code())
        .time("finishedAt", last.finishedAt());
  }

  static Credential credential(Item item) {
    return new Credential(
        item.text("id"),
        item.text("name"),
        settings(item),
        item.optionalTexts("secretFields").orElse(List.of()),
        (int) item.number("secretVersion"),
        item.optionalNumber(TARGET_VERSION).orElse(1L).intValue(),
        status(item.text(STATUS)),
        item.optionalMap("lastValidation")
            .map(
                last ->
                    new Credential.LastValidation(
                        last.text("id"),
                        last.text("status"),
                        last.optionalText("code").orElse(null),
                        last.time("finishedAt")))
            .orElse(null),
        item.time("createdAt"),
        item.text("createdBy"),
        item.time("updatedAt"),
        item.text("updatedBy"),
        item.number("version"));
  }

  static Credential.Status status(String wireName) {
    return Credential.Status.valueOf(wireName.toUpperCase(Locale.ROOT));
  }

  /** The settings of an item that has {@code warehouse} and {@code settings}. */
  static Settings settings(Item item) {
    Warehouse warehouse =
        Warehouse.of(item.text("warehouse"))
            .orElseThrow(() -> new IllegalStateException("An item has an unknown warehouse."));
    Map<String, @Nullable Object> values = new HashMap<>();
    item.optionalMap("settings")
        .orElseGet(Item::empty)
        .attributes()
        .forEach(
            (field, value) ->
                values.put(field, value.n() == null ? value.s() : Long.valueOf(value.n())));
    Fields fields = Fields.of(values);
    Settings settings = Settings.read(warehouse, fields, STORED);
    fields.end();
    return settings;
  }

  /** The attributes from which {@link #settings} reads. */
  static Item settingsItem(Settings settings) {
    Item values = Item.empty();
    settings
        .values()
        .forEach(
            (field, value) -> {
              if (value instanceof Integer number) {
                values.number(field, number);
              } else {
                values.text(field, value.toString());
              }
            });
    return values;
  }
}
