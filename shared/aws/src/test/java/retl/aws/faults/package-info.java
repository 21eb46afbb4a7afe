/**
 * What becomes of credentials when anything stops at any step: plans of operations and faults, made
 * from a seed, and the invariants that must hold after each.
 */
@NullMarked
package retl.aws.faults;

import org.jspecify.annotations.NullMarked;
