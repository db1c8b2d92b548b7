package io.fairlead.agent.subsystem.policy;

import io.fairlead.agent.loop.PolicyObjects;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.PodAttachment;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The reconciling thread's side of {@link Admission}: who is attached goes into what is enforced,
 * and who waits is let in when the kernel enforces it. For that thread alone.
 */
final class AdmissionDesk {

  private final Enforcement enforcement;
  private final FormerConnections connections;
  private final Runnable changed;
  private final Map<String, AdmissionRequest> waiting = new LinkedHashMap<>();
  private final Map<String, PodAttachment> attached = new LinkedHashMap<>();

  /** Addresses whose interface is gone, and whose connections are still to be forgotten. */
  private final Set<IpAddress> left = new HashSet<>();

  /**
   * A desk where nobody waits.
   *
   * @param changed brings about a commit, after which {@link #committed} or {@link #failed} follows
   */
  AdmissionDesk(Enforcement enforcement, FormerConnections connections, Runnable changed) {
    this.enforcement = enforcement;
    this.connections = connections;
    this.changed = changed;
  }

  /** Somebody asks to be let in. */
  void enter(AdmissionRequest request) {
    if (!request.isDecided()) {
      waiting.put(request.attachment().id(), request);
      attach(request.attachment());
    }
  }

  /** An interface is there, whether its pod is let in or not. */
  void attach(PodAttachment attachment) {
    attached.put(attachment.id(), attachment);
    enforcement.attach(attachment);
    changed.run();
  }

  /** An interface is gone, or will not be made. */
  void detach(String id) {
    waiting.remove(id);
    PodAttachment gone = attached.remove(id);
    if (gone != null) {
      left.addAll(gone.addresses());
    }
    enforcement.detach(id);
    changed.run();
  }

  /** The kernel enforces all that was entered until now. */
  void committed(PolicyObjects known) {
    releaseLeft(); // Before anybody can occupy them.
    Iterator<AdmissionRequest> requests = waiting.values().iterator();
    while (requests.hasNext()) {
      AdmissionRequest request = requests.next();
      if (enforcement.isAdmitted(request.attachment().id())) {
        request.admit();
        requests.remove();
      } else {
        request.obstacle(unknown(request.attachment(), known));
      }
    }
  }

  private void releaseLeft() {
    if (left.isEmpty()) {
      return;
    }
    left.removeAll(addresses());
    // A record may claim an address for longer than the interface: until it is shut in, too,
    // connections begin that the next owner would inherit.
    Set<IpAddress> shutIn =
        left.stream()
            .filter(address -> enforcement.subject(address) == null)
            .collect(Collectors.toSet());
    if (!shutIn.isEmpty()) {
      connections.release(shutIn);
      left.removeAll(shutIn);
    }
  }

  /** The addresses of all who are attached, or about to be. */
  Set<IpAddress> addresses() {
    return attached.values().stream()
        .flatMap(attachment -> attachment.addresses().stream())
        .collect(Collectors.toSet());
  }

  private static String unknown(PodAttachment attachment, PolicyObjects known) {
    ObjectKey pod = attachment.pod();
    PodRecord record = pod == null ? null : known.pod(pod);
    return record == null
        ? "the agent has no event about it from the API server yet, so its policies cannot be told"
        : "the agent knows another Pod of this name (its UID is "
            + record.uid()
            + ", and the runtime says "
            + attachment.uid()
            + ") and has no event about this one, so its policies cannot be told";
  }

  /** All who are attached, or about to be, in the order of their coming. */
  List<PodAttachment> attached() {
    return List.copyOf(attached.values());
  }

  /** The kernel refused. */
  void failed(String problem) {
    waiting.values().forEach(request -> request.obstacle("the kernel refuses: " + problem));
  }

  /** Who is attached, or about to be, and not let in: the longest first. */
  List<PodAttachment> outside() {
    return attached.values().stream()
        .filter(attachment -> !enforcement.isAdmitted(attachment.id()))
        .toList();
  }
}
