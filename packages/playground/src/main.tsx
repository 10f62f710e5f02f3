import { render } from 'preact'
import { App } from './app'
import { guarded, load } from './session'

render(<App />, document.getElementById('app')!)
guarded(load)
