package retl.aws;

import java.util.List;
import retl.core.Page;
import retl.core.SourceUse;
import retl.core.model.SourceUses;

/** The sources that use a model, found by the items of their names. */
public final class DynamoSourceUses implements SourceUses {
  private final Directory sources;

  public DynamoSourceUses(Table table) {
    this.sources = new Directory(table, "SOURCE");
  }

  @Override
  public List<SourceUse> of(String workspace, String modelId, int count) {
    Table.Filter filter = Table.Filter.equal("modelId", modelId);
    Page.Request first = new Page.Request(count, null);
    return sources
        .page(workspace, null, filter, first, id -> "SOURCE#" + id)
        .map(item -> new SourceUse(item.text("id"), item.text("name")))
        .items();
  }
}
