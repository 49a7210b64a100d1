/** Colours for what is drawn on a canvas, where custom properties do not reach. Those of the light theme. */
export const poster = {
  paper: '#faf6ef',
  surface: '#fffdfa',
  line: '#e7ddcd',
  ink: '#2a211a',
  inkSoft: '#5c5044',
  inkFaint: '#6c5f51',
  red: '#b4232a',
  redDeep: '#921a21',
  redText: '#ab1f27',
  onRed: '#fffaf5',
  onRedSoft: '#fbdcd6',
  gold: '#c79a43',
  goldText: '#80590f',
  goldWash: '#f9f0db'
}
