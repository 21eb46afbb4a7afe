package retl.core.credential;

import java.util.Optional;

/** Credentials as others than their own service need them: by their id. */
@FunctionalInterface
public interface SavedCredentials {

  /** The active credential of this id in this workspace. */
  Optional<Credential> find(String workspace, String id);
}
