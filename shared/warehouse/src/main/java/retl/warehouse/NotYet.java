package retl.warehouse;

import java.util.function.Consumer;
import retl.core.preview.Preview;
import retl.core.preview.QueryRunner;
import retl.core.validation.Check;
import retl.core.warehouse.Warehouse;

/** A warehouse whose credentials can be kept, but which this version does not connect to. */
record NotYet(Warehouse warehouse) {
  private static final String CODE = "warehouse_not_supported";

  void check(Consumer<Check> ended) {
    ended.accept(new Check(Check.Name.CONNECTION, Check.Status.FAILED, CODE, message(), null, 0L));
  }

  QueryRunner.Outcome preview() {
    return new QueryRunner.Outcome.Failed(new Preview.Failure(CODE, message(), null));
  }

  private String message() {
    return "This version does not connect to " + warehouse.title() + " yet.";
  }
}
