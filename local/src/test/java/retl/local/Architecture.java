package retl.local;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import retl.core.query.AcceptedQuery;

/**
 * Who may know whom.
 *
 * @param root the package that all modules lie in; the controls have another one
 */
record Architecture(String root) {

  /** The module knows, of ours, only itself and these. */
  ArchRule knows(String module, String... others) {
    String[] allowed =
        Stream.concat(Stream.of(module), Stream.of(others)).map(this::in).toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(in(module))
        .should()
        .dependOnClassesThat(resideInAPackage(root + "..").and(not(resideInAnyPackage(allowed))));
  }

  /** Functions know libraries, but neither each other nor, except for the workers, the drivers. */
  ArchRule functionsKnowOnlyLibraries() {
    return slices()
        .matching(root + ".functions.(*)..")
        .should()
        .notDependOnEachOther()
        .as("functions do not know each other");
  }

  ArchRule onlyTheWorkersKnowTheWarehouses() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(in("warehouse"), in("functions.warehouse"), root + ".local..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("warehouse"));
  }

  ArchRule warehousesDoNotKnowEachOther() {
    return slices()
        .matching(root + ".warehouse.(*)..")
        .should()
        .notDependOnEachOther()
        .as("warehouses do not know each other");
  }

  /** What all warehouses share lies in the package above them; it knows none of them. */
  ArchRule whatWarehousesShareKnowsNone() {
    return noClasses()
        .that()
        .resideInAPackage(root + ".warehouse")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(root + ".warehouse.*..");
  }

  ArchRule deployablesKnowNoStandIns() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(in("standins"), root + ".local..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(in("standins"), root + ".local..");
  }

  ArchRule onlyWarehousesKnowJdbc() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(in("warehouse"), root + ".local..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "org.postgresql..", "com.amazon.redshift..");
  }

  ArchRule coreKnowsNoLibraryOfTheOutside() {
    return noClasses()
        .that()
        .resideInAPackage(in("core"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "software.amazon..", "com.amazonaws..", "java.sql..", "javax.sql..", "com.fasterxml..");
  }

  /** What a warehouse runs was accepted by the gate, since nobody else can make such a query. */
  ArchRule onlyTheGateMakesAcceptedQueries() {
    return classes()
        .that()
        .areAssignableTo(AcceptedQuery.class)
        .and()
        .doNotHaveFullyQualifiedName(AcceptedQuery.class.getName())
        .should()
        .resideInAPackage(in("sql"));
  }

  private String in(String module) {
    return root + "." + module + "..";
  }
}
