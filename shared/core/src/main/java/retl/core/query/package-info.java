/**
 * What it means that a query was judged: the verdict, the accepted query, the position of a fault.
 */
@NullMarked
package retl.core.query;

import org.jspecify.annotations.NullMarked;
