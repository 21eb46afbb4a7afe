/** What every part of the service shares: who calls, what can be refused, names, ids and pages. */
@NullMarked
package retl.core;

import org.jspecify.annotations.NullMarked;
