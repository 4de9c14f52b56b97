//! A developer's way from nothing to a key, without the portal: an account where there is none yet, an app, its sandbox key.
//!
//!   BIJOU=http://127.0.0.1:8080 node examples/tv-launcher/register.mjs you@example.org 'a long password' 'Lantern TV'
//!
//! Prints the command that starts the launcher; the key is shown this once.

const bijou = (process.env.BIJOU ?? 'http://127.0.0.1:8080').replace(/\/$/, '')
const [email, password, name = 'Lantern TV'] = process.argv.slice(2)
if (!email || !password) {
  console.error('usage: node examples/tv-launcher/register.mjs EMAIL PASSWORD [NAME]')
  process.exit(2)
}

async function post(path, body, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const answer = await fetch(bijou + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, body: await answer.json() }
}

function need({ status, body }) {
  if (status < 300) return body
  console.error(`Bijou says no (${status}, ${body.code}): ${body.detail ?? body.title}`)
  process.exit(1)
}

const made = await post('/v1/accounts', { email, password })
// An account that is there already signs in with its password.
if (made.status !== 409) need(made)
const { access_token } = need(await post('/v1/sessions', { email, password, device_name: 'register.mjs' }))
const { app, key } = need(await post('/partner/v1/apps', { name }, access_token))
console.log(`# ${app.name} is ${app.id}, in the sandbox: it signs you in, and nobody else before an operator approves it`)
console.log(`BIJOU=${bijou} BIJOU_KEY=${key.text} node examples/tv-launcher/server.mjs`)
