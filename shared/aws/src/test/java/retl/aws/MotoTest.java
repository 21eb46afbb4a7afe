package retl.aws;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Secrets on moto: {@code -Dmoto=<port>}, as {@code .ci/run} does. The other stores are not asked
 * of it: its DynamoDB loses acknowledged writes when several come at a time.
 */
@EnabledIfSystemProperty(named = "moto", matches = "\\d+")
class MotoTest {
  @RegisterExtension static final Outside MOTO = Outside.onPort("moto");

  @Nested
  class SecretKeysThere extends SecretKeysTest {}

  @Nested
  class SecretsThere extends SecretsTest {}
}
