package retl.aws;

import java.util.List;
import org.jspecify.annotations.Nullable;
import retl.core.Impact;
import retl.core.Name;
import retl.core.model.Model;
import retl.core.model.Revision;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;

/** Models and their revisions as they stand in items. */
final class ModelItems {
  static final String NAME_KIND = "MODEL";
  static final String VERIFIED = "verified";

  /** On the row of a model: how many sources use it. Whoever writes a source counts. */
  static final String SOURCE_COUNT = "sourceCount";

  private ModelItems() {}

  static String rowKey(String id) {
    return "MODEL#" + id;
  }

  /** What the keys of all revisions of a model begin with; in their order, oldest first. */
  static String revisionKeys(String modelId) {
    return rowKey(modelId) + "#REV#";
  }

  static String revisionKey(String modelId, int number) {
    return revisionKeys(modelId) + Table.ordered(number, 8);
  }

  static String nameKey(Model model) {
    return Table.nameKey(NAME_KIND, Name.fold(model.name()));
  }

  static Item directoryEntry(Model model) {
    return Item.empty()
        .text("id", model.id())
        .text("credentialId", model.credentialId())
        .text("warehouse", model.warehouse().wireName());
  }

  static Item row(Model model) {
    return shown(Item.empty(), model.columns(), model.verified())
        .text("id", model.id())
        .text("name", model.name())
        .text("description", model.description())
        .text("credentialId", model.credentialId())
        .text("warehouse", model.warehouse().wireName())
        .text("sql", model.sql())
        .texts("primaryKey", model.primaryKey())
        .number("revision", model.revision())
        .number(SOURCE_COUNT, model.sourceCount())
        .time("createdAt", model.createdAt())
        .text("createdBy", model.createdBy())
        .time("updatedAt", model.updatedAt())
        .text("updatedBy", model.updatedBy())
        .number("version", model.version());
  }

  private static Item shown(
      Item item, @Nullable List<Column> columns, Model.@Nullable Verified verified) {
    return item.maps("columns", columns == null ? null : Columns.items(columns))
        .map(VERIFIED, verified == null ? null : item(verified));
  }

  private static Item item(Model.Verified verified) {
    return Item.empty()
        .text("previewId", verified.previewId())
        .time("at", verified.at())
        .number(CredentialItems.TARGET_VERSION, verified.targetVersion());
  }

  static Model model(Item item) {
    return new Model(
        item.text("id"),
        item.text("name"),
        item.optionalText("description").orElse(null),
        item.text("credentialId"),
        warehouse(item),
        item.text("sql"),
        item.optionalTexts("primaryKey").orElse(null),
        item.optionalMaps("columns").map(Columns::columns).orElse(null),
        item.optionalMap(VERIFIED).map(ModelItems::verified).orElse(null),
        (int) item.number("revision"),
        (int) item.number(SOURCE_COUNT),
        item.time("createdAt"),
        item.text("createdBy"),
        item.time("updatedAt"),
        item.text("updatedBy"),
        item.number("version"));
  }

  static Model.Verified verified(Item item) {
    return new Model.Verified(
        item.text("previewId"),
        item.time("at"),
        item.optionalNumber(CredentialItems.TARGET_VERSION).orElse(1L).intValue());
  }

  static Item revision(Revision revision) {
    Integer restoredFrom = revision.restoredFrom();
    return shown(Item.empty(), revision.columns(), revision.verified())
        .number("revision", revision.number())
        .text("name", revision.name())
        .text("description", revision.description())
        .text("credentialId", revision.credentialId())
        .text("warehouse", revision.warehouse().wireName())
        .text("sql", revision.sql())
        .texts("primaryKey", revision.primaryKey())
        .texts("changed", revision.changed())
        .number("restoredFrom", restoredFrom == null ? null : Long.valueOf(restoredFrom))
        .maps("acceptedBreaks", revision.acceptedBreaks().stream().map(ModelItems::item).toList())
        .time("savedAt", revision.savedAt())
        .text("savedBy", revision.savedBy());
  }

  static Revision savedRevision(Item item) {
    return new Revision(
        (int) item.number("revision"),
        item.text("name"),
        item.optionalText("description").orElse(null),
        item.text("credentialId"),
        warehouse(item),
        item.text("sql"),
        item.optionalTexts("primaryKey").orElse(null),
        item.optionalMaps("columns").map(Columns::columns).orElse(null),
        item.optionalMap(VERIFIED).map(ModelItems::verified).orElse(null),
        item.optionalTexts("changed").orElse(List.of()),
        item.optionalNumber("restoredFrom").map(Long::intValue).orElse(null),
        item.optionalMaps("acceptedBreaks").orElse(List.of()).stream()
            .map(ModelItems::brokenMapping)
            .toList(),
        item.time("savedAt"),
        item.text("savedBy"));
  }

  private static Item item(Impact.BrokenMapping broken) {
    return Item.empty()
        .text("connectionId", broken.connectionId())
        .text("field", broken.field())
        .text("column", broken.column())
        .text("reason", broken.reason());
  }

  private static Impact.BrokenMapping brokenMapping(Item item) {
    return new Impact.BrokenMapping(
        item.optionalText("connectionId").orElse(null),
        item.text("field"),
        item.text("column"),
        item.text("reason"));
  }

  private static Warehouse warehouse(Item item) {
    return Warehouse.of(item.text("warehouse"))
        .orElseThrow(() -> new IllegalStateException("An item has an unknown warehouse."));
  }
}
