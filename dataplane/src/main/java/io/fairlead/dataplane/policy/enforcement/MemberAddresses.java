package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of groups of pods, without a set of their own: thousands of selectors may mean the
 * same thousands of pods. A view that follows the groups and cannot be changed itself.
 */
final class MemberAddresses extends AbstractSet<IpAddress> {

  private final Set<PeerGroup> groups;
  private final Function<IpAddress, @Nullable PeerGroup> groupOf;

  /**
   * Combines the groups.
   *
   * @param groupOf the only group that has an address
   */
  MemberAddresses(Set<PeerGroup> groups, Function<IpAddress, @Nullable PeerGroup> groupOf) {
    this.groups = groups;
    this.groupOf = groupOf;
  }

  @Override
  public Iterator<IpAddress> iterator() {
    return new Iterator<>() {
      private final Iterator<PeerGroup> further = groups.iterator();
      private Iterator<IpAddress> addresses = Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        while (!addresses.hasNext() && further.hasNext()) {
          addresses = further.next().addresses().iterator();
        }
        return addresses.hasNext();
      }

      @Override
      public IpAddress next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return addresses.next();
      }
    };
  }

  @Override
  public int size() {
    return groups.stream().mapToInt(group -> group.addresses().size()).sum();
  }

  @Override
  public boolean contains(Object item) {
    if (!(item instanceof IpAddress address)) {
      return false;
    }
    PeerGroup group = groupOf.apply(address);
    return group != null && groups.contains(group);
  }
}
