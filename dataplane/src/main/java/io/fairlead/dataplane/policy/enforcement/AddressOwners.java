package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose each address is, of all who claim it. */
final class AddressOwners {

  /** Is told of every address that becomes another's. */
  interface Listener {
    void moved(IpAddress address, Occupant before, Occupant after);
  }

  private final Listener listener;
  private final Map<IpAddress, Claim> owners = new HashMap<>();

  /** The other claims, where there is more than one. */
  private final Map<IpAddress, List<Claim>> losers = new HashMap<>();

  AddressOwners(Listener listener) {
    this.listener = listener;
  }

  Occupant occupant(IpAddress address) {
    return occupant(owners.get(address));
  }

  private static Occupant occupant(@Nullable Claim claim) {
    return claim == null ? Occupant.NOBODY : claim.occupant();
  }

  /** Makes a claim, in place of an earlier one of the same interface or pod. */
  void claim(IpAddress address, Claim claim) {
    Claim owner = owners.get(address);
    List<Claim> others = losers.getOrDefault(address, List.of());
    if (owner == null || (owner.isOfSame(claim) && others.isEmpty())) {
      settle(address, claim, List.of());
      return;
    }
    List<Claim> all = new ArrayList<>(others);
    all.add(owner);
    all.removeIf(claim::isOfSame);
    all.add(claim);
    settle(address, all);
  }

  /** Takes the claim of an interface or pod back, if there is one. */
  void withdraw(IpAddress address, Claim claim) {
    Claim owner = owners.get(address);
    if (owner == null) {
      return;
    }
    List<Claim> all = new ArrayList<>(losers.getOrDefault(address, List.of()));
    all.add(owner);
    all.removeIf(claim::isOfSame);
    settle(address, all);
  }

  private void settle(IpAddress address, List<Claim> all) {
    if (all.isEmpty()) {
      settle(address, null, List.of());
      return;
    }
    all.sort(null);
    Claim best = all.removeLast();
    settle(address, best, all);
  }

  private void settle(IpAddress address, @Nullable Claim owner, List<Claim> others) {
    Claim before = owner == null ? owners.remove(address) : owners.put(address, owner);
    if (others.isEmpty()) {
      losers.remove(address);
    } else {
      losers.put(address, List.copyOf(others));
    }
    if (!occupant(before).equals(occupant(owner))) {
      listener.moved(address, occupant(before), occupant(owner));
    }
  }

  /** How many addresses are somebody's. */
  int size() {
    return owners.size();
  }
}
