package io.fairlead.nftables.hostport;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Who has which host ports. A claim costs what it has, however many others there are. Pure. */
final class PortClaims {

  /** What two host ports have in common that may be in each other's way. */
  private record PortNumber(AddressFamily family, Protocol protocol, int port) {
    static PortNumber of(HostSocket socket) {
      return new PortNumber(socket.family(), socket.protocol(), socket.port());
    }
  }

  /** A host port in somebody's hands. */
  record Held(PortOwner owner, PortForward forward) {}

  private final Map<String, List<Held>> byOwner = new LinkedHashMap<>();
  private final Map<PortNumber, List<Held>> byNumber = new HashMap<>();

  /**
   * Takes the host ports into the owner's hands, all of them or none. What it had is given up.
   *
   * @throws PortTakenException if somebody else has one, or if two of them lead to different ports
   */
  void claim(PortOwner owner, List<PortForward> forwards) throws PortTakenException {
    List<Held> former = release(owner.key());
    List<Held> taken = new ArrayList<>();
    try {
      for (PortForward forward : Set.copyOf(forwards)) {
        Held held = new Held(owner, forward);
        refuseIfTaken(held);
        hold(held);
        taken.add(held);
      }
    } catch (PortTakenException e) {
      taken.forEach(this::drop);
      former.forEach(this::hold);
      throw e;
    }
  }

  private void refuseIfTaken(Held wanted) throws PortTakenException {
    HostSocket socket = wanted.forward().at();
    for (Held other : byNumber.getOrDefault(PortNumber.of(socket), List.of())) {
      boolean alike =
          other.owner().key().equals(wanted.owner().key())
              && other.forward().podPort() == wanted.forward().podPort()
              && other.forward().pod().equals(wanted.forward().pod());
      if (!alike && other.forward().at().overlaps(socket)) {
        throw new PortTakenException(socket, other.forward().at(), other.owner());
      }
    }
  }

  private void hold(Held held) {
    byOwner.computeIfAbsent(held.owner().key(), _ -> new ArrayList<>()).add(held);
    byNumber.computeIfAbsent(PortNumber.of(held.forward().at()), _ -> new ArrayList<>(1)).add(held);
  }

  private void drop(Held held) {
    remove(byOwner, held.owner().key(), held);
    remove(byNumber, PortNumber.of(held.forward().at()), held);
  }

  private static <K> void remove(Map<K, List<Held>> map, K key, Held held) {
    List<Held> list = map.get(key);
    if (list != null && list.remove(held) && list.isEmpty()) {
      map.remove(key);
    }
  }

  /** Takes away what the owner has, and returns it. */
  List<Held> release(String key) {
    List<Held> held = List.copyOf(byOwner.getOrDefault(key, List.of()));
    held.forEach(this::drop);
    return held;
  }

  /** What the owner has. */
  List<Held> of(String key) {
    return List.copyOf(byOwner.getOrDefault(key, List.of()));
  }

  /** Everything that is in somebody's hands, in the order of claiming. */
  List<Held> all() {
    List<Held> all = new ArrayList<>();
    byOwner.values().forEach(all::addAll);
    return all;
  }

  /** The number of different ports, whatever families and addresses they are served on. */
  int size() {
    Set<String> ports = new TreeSet<>();
    byNumber.keySet().forEach(number -> ports.add(number.port() + "/" + number.protocol()));
    return ports.size();
  }
}
