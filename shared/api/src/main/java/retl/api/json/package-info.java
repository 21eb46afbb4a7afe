/** JSON: strict reading of bodies, and how each resource looks on the wire. */
@NullMarked
package retl.api.json;

import org.jspecify.annotations.NullMarked;
