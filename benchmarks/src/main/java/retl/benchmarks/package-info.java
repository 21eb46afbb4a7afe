/** Measurements that are run by hand. */
@NullMarked
package retl.benchmarks;

import org.jspecify.annotations.NullMarked;
