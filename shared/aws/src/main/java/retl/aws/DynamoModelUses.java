package retl.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import retl.core.ModelUse;
import retl.core.Page;
import retl.core.credential.ModelUses;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The models that use credentials, found as the list of models finds them: by the items of their
 * names.
 */
public final class DynamoModelUses implements ModelUses {
  private static final int PAGE = 100;

  /** What DynamoDB takes in one batch of writes. */
  private static final int AT_ONCE = 25;

  private final Table table;
  private final Directory models;

  public DynamoModelUses(Table table) {
    this.table = table;
    this.models = new Directory(table, ModelItems.NAME_KIND);
  }

  @Override
  public List<ModelUse> of(String workspace, String credentialId, int count) {
    List<ModelUse> uses = new ArrayList<>();
    String after = null;
    do {
      Page<Item> page = page(workspace, credentialId, new Page.Request(count - uses.size(), after));
      page.items().forEach(item -> uses.add(new ModelUse(item.text("id"), item.text("name"))));
      after = page.next();
    } while (after != null && uses.size() < count);
    return uses;
  }

  @Override
  public int unverify(String workspace, String credentialId, int targetVersion) {
    int[] changed = {0};
    each(
        workspace,
        credentialId,
        row -> {
          if (unverify(workspace, credentialId, row, targetVersion)) {
            changed[0]++;
          }
        });
    return changed[0];
  }

  private void each(String workspace, String credentialId, Consumer<Item> model) {
    String after = null;
    do {
      Page<Item> page = page(workspace, credentialId, new Page.Request(PAGE, after));
      page.items().forEach(model);
      after = page.next();
    } while (after != null);
  }

  private Page<Item> page(String workspace, String credentialId, Page.Request request) {
    Table.Filter filter = Table.Filter.equal("credentialId", credentialId);
    return models.page(workspace, null, filter, request, ModelItems::rowKey);
  }

  // Another change of the model at the same time makes the write fail; then the model is looked at
  // again.
  private boolean unverify(String workspace, String credentialId, Item row, int targetVersion) {
    @Nullable Item model = row;
    while (model != null && isStale(model, credentialId, targetVersion)) {
      if (removeVerified(workspace, model)) {
        return true;
      }
      model = table.get(workspace, ModelItems.rowKey(model.text("id"))).orElse(null);
    }
    return false;
  }

  private static boolean isStale(Item model, String credentialId, int targetVersion) {
    return model.text("credentialId").equals(credentialId)
        && model
            .optionalMap(ModelItems.VERIFIED)
            .filter(verified -> ModelItems.verified(verified).targetVersion() < targetVersion)
            .isPresent();
  }

  private boolean removeVerified(String workspace, Item model) {
    long version = model.number("version");
    return new Transaction<Boolean>(table)
        .add(
            table.update(
                workspace,
                ModelItems.rowKey(model.text("id")),
                "REMOVE verified SET version = :next",
                "version = :version",
                Map.of(),
                Map.of(":version", number(version), ":next", number(version + 1))),
            false)
        .run(UUID.randomUUID().toString(), true, false);
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  // A row that was deleted gets no revision any more, so what is found here is all there will be.
  @Override
  public void removeRevisions(String workspace, String modelId) {
    String prefix = ModelItems.revisionKeys(modelId);
    List<Item> left = table.query(workspace, prefix, null, AT_ONCE);
    while (!left.isEmpty()) {
      table.deleteAll(workspace, left.stream().map(item -> item.text(Table.SK)).toList());
      left = table.query(workspace, prefix, left.getLast().text(Table.SK), AT_ONCE);
    }
  }
}
