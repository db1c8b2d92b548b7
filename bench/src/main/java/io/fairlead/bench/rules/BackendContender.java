package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * fairlead's own way, without the agent around it: from the text of an object through record,
 * fragment and claims to the backend's commit.
 */
final class BackendContender implements Contender {

  private static final ServiceNode NODE = ServiceNode.named("node-1");

  private final Backend kind;
  private final LabNamespace namespace;
  private final Records records = new Records();

  /** By the numbers of Services. */
  private final Map<Integer, Known> known = new LinkedHashMap<>();

  private AddressClaims claims = new AddressClaims();
  private Backend.Opened opened;

  /** The records of one Service. */
  private record Known(ServiceRecord service, List<EndpointSliceRecord> slices) {}

  private BackendContender(Backend kind, LabNamespace namespace)
      throws IOException, InterruptedException {
    this.kind = kind;
    this.namespace = namespace;
    this.opened = namespace.call(() -> kind.open(claims, namespace));
  }

  /** In {@code namespace}, which it takes over unless it throws. */
  static BackendContender open(Backend kind, LabNamespace namespace)
      throws IOException, InterruptedException {
    return new BackendContender(kind, namespace);
  }

  @Override
  public String name() {
    return kind.contender();
  }

  @Override
  public long load(Population population) throws IOException, InterruptedException {
    for (int i = 0; i < population.services(); i++) {
      known.put(i, new Known(records.service(i), records.slices(i, population.addresses(i))));
    }
    return sync().nanos();
  }

  /**
   * What bringing everything into the kernel took.
   *
   * @param operations what was sent to the kernel for it
   */
  record Sync(long nanos, int operations) {}

  private Sync sync() throws IOException, InterruptedException {
    return namespace.call(() -> {
      long begin = System.nanoTime();
      known.keySet().forEach(this::update);
      int operations = opened.commit().size();
      return new Sync(System.nanoTime() - begin, operations);
    });
  }

  /** Starts anew from the records it has, over what the kernel holds already. */
  Sync restart() throws IOException, InterruptedException {
    namespace.call(() -> {
      opened.close();
      claims = new AddressClaims();
      opened = kind.open(claims, namespace);
      return opened;
    });
    return sync();
  }

  private void update(int service) {
    Known now = known.get(service);
    ServiceFragment fragment =
        now == null ? null : ServiceFragment.of(now.service(), now.slices(), NODE);
    opened.backend().update(claims.update(Population.key(service), fragment));
  }

  @Override
  public Applied change(Change change) throws IOException, InterruptedException {
    byte[] service = ObjectText.service(change.service()).getBytes(StandardCharsets.UTF_8);
    byte[] slice = change.slice().getBytes(StandardCharsets.UTF_8);
    return namespace.call(() -> {
      long begin = System.nanoTime();
      read(change, service, slice);
      long record = System.nanoTime();
      update(change.service());
      List<String> taken = opened.commit();
      long end = System.nanoTime();
      if (taken.isEmpty()) {
        throw new IOException(name() + " had nothing to do for: " + change.kind().title());
      }
      return new Applied(begin, record, end);
    });
  }

  private void read(Change change, byte[] service, byte[] slice) throws IOException {
    @Nullable Known before = known.get(change.service());
    switch (change.kind()) {
      case DELETED -> known.remove(change.service());
      case ADDED ->
          known.put(
              change.service(),
              new Known(records.service(service), new ArrayList<>(List.of(records.slice(slice)))));
      case REPLACED, SCALED, ROLLED -> {
        if (before == null) {
          throw new IllegalStateException("Service " + change.service() + " was not loaded");
        }
        before.slices().set(0, records.slice(slice));
      }
    }
  }

  /** Endpoints that left are looked after, as the agent does when their time has come. */
  @Override
  public void settle() throws IOException, InterruptedException {
    namespace.call(() -> opened.backend().isPending() ? opened.commit() : List.of());
  }

  @Override
  public void close() {
    opened.close();
    namespace.close();
  }
}
