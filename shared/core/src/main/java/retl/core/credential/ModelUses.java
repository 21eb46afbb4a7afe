package retl.core.credential;

import java.util.List;
import retl.core.ModelUse;

/** The models that use credentials, as far as credentials and {@link Sweeper} need to know. */
public interface ModelUses {

  /** Models that use these credentials, at most so many. */
  List<ModelUse> of(String workspace, String credentialId, int count);

  /**
   * Makes every model unverified that uses these credentials and was verified when they led
   * elsewhere.
   *
   * @param targetVersion of the credentials by now
   * @return how many
   */
  int unverify(String workspace, String credentialId, int targetVersion);

  /** Removes the revisions of a model that was deleted. */
  void removeRevisions(String workspace, String modelId);
}
