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
import java.util.List;

/**
 * fairlead's own way, without the agent around it: from the text of an EndpointSlice through
 * record, fragment and claims to the backend's commit.
 */
final class BackendContender implements Contender {

  private static final ServiceNode NODE = ServiceNode.named("node-1");

  private final Backend kind;
  private final LabNamespace namespace;
  private final AddressClaims claims = new AddressClaims();
  private final Backend.Opened opened;
  private final Records records = new Records();
  private final List<ServiceRecord> services = new ArrayList<>();
  private final List<List<EndpointSliceRecord>> slices = new ArrayList<>();

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
    return kind.title();
  }

  @Override
  public long load(Population population) throws IOException, InterruptedException {
    for (int i = 0; i < population.services(); i++) {
      services.add(records.service(i));
      slices.add(records.slices(i, population.addresses(i)));
    }
    return namespace.call(() -> {
      long begin = System.nanoTime();
      for (int i = 0; i < services.size(); i++) {
        update(i);
      }
      opened.commit();
      return System.nanoTime() - begin;
    });
  }

  private void update(int service) {
    ServiceRecord record = services.get(service);
    ServiceFragment fragment = ServiceFragment.of(record, slices.get(service), NODE);
    opened.backend().update(claims.update(record.key(), fragment));
  }

  @Override
  public long change(Change change) throws IOException, InterruptedException {
    byte[] json = change.json().getBytes(StandardCharsets.UTF_8);
    return namespace.call(() -> {
      long begin = System.nanoTime();
      EndpointSliceRecord slice = records.slice(json);
      List<EndpointSliceRecord> own = slices.get(change.service());
      if (change.slice() < own.size()) {
        own.set(change.slice(), slice);
      } else {
        own.add(slice);
      }
      update(change.service());
      List<String> taken = opened.commit();
      long nanos = System.nanoTime() - begin;
      if (taken.isEmpty()) {
        throw new IOException(kind.title() + " had nothing to do for a change of endpoints");
      }
      return nanos;
    });
  }

  /** Endpoints that left are looked after, as the agent does when their time has come. */
  @Override
  public void settle() throws IOException, InterruptedException {
    namespace.call(() -> opened.backend().isPending() ? opened.commit() : List.of());
  }

  @Override
  public long messages() {
    return opened.messages().getAsLong();
  }

  @Override
  public void close() {
    opened.close();
    namespace.close();
  }
}
