package retl.core.model;

import java.util.List;

/** The columns of models that connections have mapped to fields of their destinations. */
@FunctionalInterface
public interface Mappings {

  /** All that are mapped of this model. */
  List<Mapping> of(String workspace, String modelId);

  /** One column, and the field that it is mapped to. */
  record Mapping(String connectionId, String field, String column) {}
}
