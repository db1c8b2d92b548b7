package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.ObjectKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of one Service, as {@link AddressClaims} saw it.
 *
 * @param before what it asked for until now, null if it is new
 * @param after what it asks for, null if it is gone
 * @param addresses exactly those whose treatment is another than before: its own, and those that it
 *     leaves to others or takes from them. What it wants and another Service has is not among them
 */
public record ServiceChange(
    ObjectKey service,
    @Nullable ServiceFragment before,
    @Nullable ServiceFragment after,
    Set<FrontendAddress> addresses) {

  public boolean isEmpty() {
    return addresses.isEmpty();
  }
}
