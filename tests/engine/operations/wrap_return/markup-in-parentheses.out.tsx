export default function Root() {
  return withModels((
    <main className='big'>
      <Nav />
    </main>
  ));
}
