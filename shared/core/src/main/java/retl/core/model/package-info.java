/** Named, saved queries. */
@NullMarked
package retl.core.model;

import org.jspecify.annotations.NullMarked;
