package retl.core.credential;

import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;

/** Secrets in a map, which can be told to fail. */
public final class SecretsInMemory implements SecretStore {
  /** What is kept. */
  public final Map<Key, Secret> kept = new HashMap<>();

  private boolean fails;

  /** From now on every call fails. */
  public void fail() {
    fails = true;
  }

  @Override
  public void put(Key key, Secret secret) {
    failIfTold();
    kept.put(key, secret);
  }

  @Override
  public Secret get(Key key) {
    failIfTold();
    Secret secret = kept.get(key);
    if (secret == null) {
      throw new NoSuchElementException("No secret " + key);
    }
    return secret;
  }

  @Override
  public void retire(Key key) {
    failIfTold();
    kept.remove(key);
  }

  @Override
  public void deleteNow(Key key) {
    failIfTold();
    kept.remove(key);
  }

  private void failIfTold() {
    if (fails) {
      throw new IllegalStateException("The secret store was told to fail.");
    }
  }
}
