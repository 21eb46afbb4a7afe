package retl.aws;

import java.util.List;
import retl.core.Page;
import retl.core.SourceUse;
import retl.core.model.SourceUses;

/** The sources that use a model, found by the items of their names below it. */
public final class DynamoSourceUses implements SourceUses {
  private final Table table;

  public DynamoSourceUses(Table table) {
    this.table = table;
  }

  @Override
  public List<SourceUse> of(String workspace, String modelId, int count) {
    Page.Request first = new Page.Request(count, null);
    return new Directory(table, DynamoSources.kindOf(modelId))
        .page(workspace, null, null, first, DynamoSources::rowKey)
        .map(item -> new SourceUse(item.text("id"), item.text("name")))
        .items();
  }
}
