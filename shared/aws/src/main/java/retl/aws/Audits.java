package retl.aws;

import retl.core.Audit;
import retl.core.Caller;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Keeps audit items; each is a part of the transaction that it tells of. */
final class Audits {
  private final Table table;

  Audits(Table table) {
    this.table = table;
  }

  TransactWriteItem insert(Caller caller, Audit audit) {
    return insert(caller.workspace(), audit);
  }

  /** For what no caller did: the operator, or a schedule. */
  TransactWriteItem insert(String workspace, Audit audit) {
    Item item =
        Item.empty()
            .text("id", audit.id())
            .time("at", audit.at())
            .text("actor", audit.actor())
            .text("action", audit.action())
            .text("resource", audit.resource())
            .texts("fields", audit.fields())
            .text("requestId", audit.requestId());
    return table.insert(workspace, "AUDIT#" + audit.at() + "#" + audit.id(), item);
  }
}
