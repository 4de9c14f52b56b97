// The greeter in JavaScript: what `conformance/README.md` asks of one, with eureka-js-client.

import { setTimeout as wait } from 'node:timers/promises'

import { Refused, Service } from './inside.js'

class Greeter extends Service {
  async handle(request) {
    const query = request.url.searchParams
    const app = query.get('app')
    switch (request.url.pathname.split('/').at(-1)) {
      case 'hello': {
        // Work, as far as there is time for it. A timer may go off within the last millisecond.
        const [work, left] = [Number(query.get('work_ms') ?? 0), request.leftMs()]
        await wait(Math.min(work, left))
        if (work > left) throw new Refused(504, 'deadline-passed')
        return {
          language: 'node',
          port: this.port,
          subject: request.who.sub,
          trace: request.traceId,
          request_id: request.id,
          deadline_ms: request.leftMs(),
        }
      }
      case 'call':
        return { language: 'node', called: await this.call(request, app, `/greetings/${app.toLowerCase()}/hello`) }
      case 'seen':
        return { items: this.instancesOf(app).map(seen) }
      default:
        throw new Refused(404, 'not-found')
    }
  }
}

function seen(instance) {
  return { id: instance.instanceId, port: Number(instance.port.$), colour: instance.metadata?.colour }
}

await new Greeter(process.env.APP).run({
  registry: process.env.REGISTRY,
  renewEveryMs: Number(process.env.RENEW_EVERY_S ?? 30) * 1000,
  leaseS: Number(process.env.LEASE_S ?? 90),
  metadata: { language: 'node', colour: 'blue & green' },
})
