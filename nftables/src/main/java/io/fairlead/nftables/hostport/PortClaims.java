package io.fairlead.nftables.hostport;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  /** How many families have a port, by its number and protocol. */
  private final Map<ProtocolPort, Integer> ports = new HashMap<>();

  /** A port, whatever the addresses that it is served on. */
  private record ProtocolPort(Protocol protocol, int port) {
    static ProtocolPort of(PortNumber number) {
      return new ProtocolPort(number.protocol(), number.port());
    }
  }

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
    PortNumber number = PortNumber.of(held.forward().at());
    byOwner.computeIfAbsent(held.owner().key(), _ -> new ArrayList<>()).add(held);
    List<Held> others = byNumber.computeIfAbsent(number, _ -> new ArrayList<>(1));
    if (others.isEmpty()) {
      ports.merge(ProtocolPort.of(number), 1, Integer::sum);
    }
    others.add(held);
  }

  private void drop(Held held) {
    PortNumber number = PortNumber.of(held.forward().at());
    remove(byOwner, held.owner().key(), held);
    if (remove(byNumber, number, held)) {
      ports.computeIfPresent(
          ProtocolPort.of(number), (_, families) -> families == 1 ? null : families - 1);
    }
  }

  /** Returns whether the key has nothing left. */
  private static <K> boolean remove(Map<K, List<Held>> map, K key, Held held) {
    List<Held> list = map.get(key);
    if (list == null || !list.remove(held) || !list.isEmpty()) {
      return false;
    }
    map.remove(key);
    return true;
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
    return ports.size();
  }
}
