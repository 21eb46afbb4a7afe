package retl.core.model;

import java.util.List;
import retl.core.SourceUse;

/** The sources that use a model, as far as the life of models needs to know of them. */
@FunctionalInterface
public interface SourceUses {

  /** Sources that use this model, at most so many. */
  List<SourceUse> of(String workspace, String modelId, int count);
}
