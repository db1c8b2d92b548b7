/**
 * The API edge, and the one package that names Fabric8: informers, and the projection of API
 * objects into records.
 */
@NullMarked
package io.fairlead.agent.kube;

import org.jspecify.annotations.NullMarked;
