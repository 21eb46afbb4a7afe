package retl.aws;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All stores on MiniStack: {@code -Dministack=<port>}, as {@code .ci/run} does. */
@EnabledIfSystemProperty(named = "ministack", matches = "\\d+")
class MiniStackTest extends StoreTests {
  @RegisterExtension static final Outside MINISTACK = Outside.onPort("ministack");
}
