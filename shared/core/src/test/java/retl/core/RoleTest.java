package retl.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoleTest {

  @ParameterizedTest(name = "{0} may do what {1} may: {2}")
  @CsvSource({
    "VIEWER, VIEWER, true",
    "VIEWER, EDITOR, false",
    "VIEWER, ADMIN, false",
    "EDITOR, VIEWER, true",
    "EDITOR, EDITOR, true",
    "EDITOR, ADMIN, false",
    "ADMIN, VIEWER, true",
    "ADMIN, EDITOR, true",
    "ADMIN, ADMIN, true",
  })
  void includesTheRolesBelow(Role role, Role needed, boolean may) {
    assertThat(role.includes(needed)).isEqualTo(may);
    assertThat(Role.of(role.wireName())).contains(role);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ADMIN", "Admin", "admin ", "owner"})
  void knowsNoOtherSpelling(String word) {
    assertThat(Role.of(word)).isEmpty();
  }
}
