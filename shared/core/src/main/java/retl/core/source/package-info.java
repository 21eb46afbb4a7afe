/** What uses a model: its name, its model, and whether it is on. */
@NullMarked
package retl.core.source;

import org.jspecify.annotations.NullMarked;
