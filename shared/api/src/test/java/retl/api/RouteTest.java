package retl.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import retl.core.Role;

class RouteTest {

  @ParameterizedTest
  @EnumSource(Route.class)
  void isFoundByItsKeyAndItsPath(Route route) {
    assertThat(Route.of(route.key())).contains(route);
    assertThat(Route.methodsOf(route.path().replaceAll("\\{[^}]*}", "x"))).contains(route.method());
  }

  /** Whatever is added: only reading is for everybody, and only health is without a token. */
  @ParameterizedTest
  @EnumSource(Route.class)
  void needsARole(Route route) {
    assertThat(route.role() == null).isEqualTo(route == Route.GET_HEALTH);
    assertThat(route.role() == Role.VIEWER && !route.method().equals("GET")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/models/",
        "/models//",
        "//models",
        "/Models",
        "/models/a/b/c",
        "/v1/models"
      })
  void knowsNoOtherPath(String path) {
    assertThat(Route.methodsOf(path)).isEmpty();
  }

  @Test
  void tellsTheMethodsOfAPath() {
    assertThat(Route.methodsOf("/credentials")).isEqualTo(List.of("GET", "POST"));
    assertThat(Route.methodsOf("/validations")).isEqualTo(List.of("POST"));
    assertThat(Route.methodsOf("/validations/val_1")).isEqualTo(List.of("GET"));
    assertThat(Route.of("$default")).isEmpty();
  }
}
